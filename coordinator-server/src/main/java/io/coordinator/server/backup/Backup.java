package io.coordinator.server.backup;

import io.coordinator.protocol.BackupHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;

/**
 * A backup that is being read: the bytes of its file, made as they are asked for. Its checkpoint stays on the disk
 * until it is closed. Not thread-safe.
 */
public final class Backup implements AutoCloseable {
    private final BackupHeader header;
    private final Iterator<Path> files;
    private final Runnable closing;
    private final MessageDigest digest = BackupFormat.digest();
    private InputStream current;
    private boolean digested;

    /**
     * A backup that is read from its beginning.
     *
     * @param files in the order of the header
     * @param closing gives back what it takes
     */
    Backup(BackupHeader header, List<Path> files, Runnable closing) {
        this.header = header;
        this.files = files.iterator();
        this.closing = closing;
        this.current = new java.io.ByteArrayInputStream(BackupFormat.head(header));
    }

    public BackupHeader header() {
        return header;
    }

    /** How many bytes there are in all. */
    public long bytesTotal() {
        return BackupFormat.bytesTotal(header);
    }

    /**
     * Reads on.
     *
     * @return the next bytes, at most so many; none at the end
     * @throws IOException if the disk fails
     */
    public byte[] next(int bytesMax) throws IOException {
        byte[] bytes = current.readNBytes(bytesMax);
        while (bytes.length == 0 && files.hasNext()) {
            current.close();
            current = Files.newInputStream(files.next());
            bytes = current.readNBytes(bytesMax);
        }
        if (bytes.length > 0) {
            digest.update(bytes);
            return bytes;
        }
        if (digested) {
            return bytes;
        }
        digested = true;
        return digest.digest();
    }

    @Override
    public void close() throws IOException {
        try {
            current.close();
        } finally {
            closing.run();
        }
    }
}
