package io.coordinator.server.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.BackupFile;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the bytes of a backup lie: eight that say what it is, the length of the header in four, the header, the files in
 * its order, and the SHA-256 of all that is before.
 */
final class BackupFormat {
    /** Of what this code writes, and reads. */
    static final int VERSION = 1;

    static final int DIGEST_BYTES = 32;

    private static final byte[] MAGIC = "COORDBAK".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES_MAX = 1 << 20;
    /** Of a file of a checkpoint. It becomes the name of a file again, so it must not lead anywhere else. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    private BackupFormat() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** All that comes before the files. */
    static byte[] head(BackupHeader header) {
        byte[] bytes = header.toByteArray();
        return ByteBuffer.allocate(MAGIC.length + Integer.BYTES + bytes.length)
                .put(MAGIC)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** Of the whole file. */
    static long bytesTotal(BackupHeader header) {
        long total = head(header).length + (long) DIGEST_BYTES;
        for (BackupFile file : header.getFilesList()) {
            total = Math.addExact(total, file.getBytes());
        }
        return total;
    }

    /**
     * Reads all that comes before the files.
     *
     * @throws BackupException EMISMATCH if this is no backup, or one of a version that is not known
     */
    static BackupHeader readHead(InputStream in) throws IOException, BackupException {
        byte[] fixed = in.readNBytes(MAGIC.length + Integer.BYTES);
        if (fixed.length < MAGIC.length + Integer.BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(fixed, MAGIC.length))) {
            throw new BackupException(
                    ErrorCode.EMISMATCH, "this is no backup; `coordinator snapshot save` writes them");
        }
        int length = ByteBuffer.wrap(fixed, MAGIC.length, Integer.BYTES).getInt();
        if (length < 0 || length > HEADER_BYTES_MAX) {
            throw damaged("its header has a length of " + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw damaged("it ends within its header");
        }
        BackupHeader header = parse(bytes);
        if (header.getFormat() != VERSION) {
            throw new BackupException(
                    ErrorCode.EMISMATCH,
                    "the backup has format " + Integer.toUnsignedString(header.getFormat()) + ", and this version ("
                            + "format " + VERSION + ") cannot read it; use the version that wrote it: "
                            + header.getVersion());
        }
        requireNames(header);
        return header;
    }

    private static BackupHeader parse(byte[] bytes) throws BackupException {
        try {
            return BackupHeader.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw damaged("its header cannot be decoded: " + e.getMessage());
        }
    }

    private static void requireNames(BackupHeader header) throws BackupException {
        Set<String> names = new HashSet<>();
        for (BackupFile file : header.getFilesList()) {
            if (!NAME.matcher(file.getName()).matches() || !names.add(file.getName()) || file.getBytes() < 0) {
                throw damaged("it holds a file \"" + file.getName() + "\" of " + file.getBytes() + " bytes");
            }
        }
    }

    static BackupException damaged(String what) {
        return new BackupException(ErrorCode.EBROKER, "the backup is damaged: " + what + "; take another one");
    }
}
