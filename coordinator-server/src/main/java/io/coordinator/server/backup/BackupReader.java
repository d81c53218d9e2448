package io.coordinator.server.backup;

import io.coordinator.protocol.BackupFile;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.snapshot.CheckpointReader;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** Reads the file of a backup. */
public final class BackupReader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final BackupHeader header;

    private BackupReader(Path file, BackupHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Reads what a backup says of itself, and whether its file has the length that it should have; not more.
     *
     * @throws BackupException EMISMATCH if it is none or of another version, EBROKER if it is cut off or unreadable
     */
    public static BackupReader open(Path file) throws BackupException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            BackupHeader header = BackupFormat.readHead(in);
            long bytes = Files.size(file);
            if (bytes != BackupFormat.bytesTotal(header)) {
                throw BackupFormat.damaged(
                        "it has " + bytes + " bytes and should have " + BackupFormat.bytesTotal(header));
            }
            return new BackupReader(file, header);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    public BackupHeader header() {
        return header;
    }

    /** Of the whole file. */
    public long bytes() {
        return BackupFormat.bytesTotal(header);
    }

    /**
     * Writes the files of the checkpoint into a directory that is not there yet, forces them to the disk, and compares
     * the checksum.
     *
     * @throws BackupException EBROKER if it is damaged, or the disk fails; the directory may hold a part then
     */
    public void extract(Path directory) throws BackupException {
        MessageDigest digest = BackupFormat.digest();
        try (DigestInputStream in =
                new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), digest)) {
            BackupFormat.readHead(in);
            Files.createDirectories(directory);
            for (BackupFile each : header.getFilesList()) {
                copy(in, each.getBytes(), directory.resolve(each.getName()));
            }
            byte[] computed = digest.digest();
            in.on(false);
            byte[] written = in.readNBytes(BackupFormat.DIGEST_BYTES);
            if (!MessageDigest.isEqual(computed, written)) {
                throw BackupFormat.damaged("its checksum is not that of what it holds");
            }
            Directories.force(directory);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void copy(InputStream in, long bytes, Path target) throws IOException, BackupException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = bytes;
        try (OutputStream out = Files.newOutputStream(target)) {
            while (left > 0) {
                int read = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (read == 0) {
                    throw BackupFormat.damaged("it ends within " + target.getFileName());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /**
     * Checks all of it: the checksum, every row, and the digest of the state.
     *
     * @param scratch a directory that is not there yet; it is deleted again
     * @return the state
     * @throws BackupException EBROKER if anything is wrong with it
     */
    public Coordinator load(Path scratch, Limits limits) throws BackupException {
        try {
            try {
                extract(scratch);
                return CheckpointReader.load(scratch, limits);
            } finally {
                Directories.delete(scratch);
            }
        } catch (SnapshotException e) {
            throw new BackupException(
                    ErrorCode.EBROKER, "the backup cannot be used: " + e.getMessage() + "; take another one", e);
        } catch (IOException e) {
            throw new BackupException(ErrorCode.EBROKER, "cannot use " + scratch + ": " + e, e);
        }
    }

    private static BackupException unreadable(Path file, IOException e) {
        return new BackupException(ErrorCode.EBROKER, "cannot read " + file + ": " + e, e);
    }
}
