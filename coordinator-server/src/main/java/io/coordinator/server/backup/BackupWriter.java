package io.coordinator.server.backup;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.disk.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a backup under a name of its own, and gives it its place when it is whole and on the disk. One that is not
 * {@linkplain #commit committed} leaves nothing. Not thread-safe.
 */
public final class BackupWriter implements AutoCloseable {
    /** How the names of files end that are not whole yet. */
    static final String UNFINISHED = ".part";

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final MessageDigest digest = BackupFormat.digest();
    /** Bytes that may turn out to be the checksum, which is not part of what it sums up. */
    private byte[] held = new byte[0];

    private long written;
    private boolean committed;

    private BackupWriter(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Begins a file.
     *
     * @param overwrite whether there may be one already, which stays until the new one is whole
     * @throws BackupException EINVAL if there is one and must not be, EBROKER if the file cannot be made
     */
    public static BackupWriter open(Path target, boolean overwrite) throws BackupException {
        Path absolute = target.toAbsolutePath();
        if (Files.exists(absolute) && !overwrite) {
            throw new BackupException(
                    ErrorCode.EINVAL, target + " is there already; choose another name, or say --overwrite");
        }
        // In containers that share a directory all processes have the same id.
        Path temporary = absolute.resolveSibling(absolute.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
        try {
            return new BackupWriter(
                    absolute,
                    temporary,
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new BackupException(ErrorCode.EBROKER, "cannot write " + temporary + ": " + e, e);
        }
    }

    /** Adds the next bytes. */
    public void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            written += channel.write(buffer);
        }
        byte[] joined = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, joined, held.length, bytes.length);
        int summed = Math.max(0, joined.length - BackupFormat.DIGEST_BYTES);
        digest.update(joined, 0, summed);
        held = Arrays.copyOfRange(joined, summed, joined.length);
    }

    /** Bytes written so far. */
    public long written() {
        return written;
    }

    /**
     * Puts the file in its place.
     *
     * @throws BackupException EBROKER if it does not end with the checksum of the rest
     * @throws IOException if the disk fails
     */
    public void commit() throws BackupException, IOException {
        if (!MessageDigest.isEqual(held, digest.digest())) {
            throw BackupFormat.damaged("what has come does not end with its checksum");
        }
        channel.force(true);
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        @Nullable Path parent = target.getParent();
        if (parent != null) {
            Directories.forceEntries(parent);
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
