package io.coordinator.server.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts an entry that a power loss left half-written off the end of the log. Ratis writes into preallocated zeros, takes
 * such an entry for corruption and does not start.
 *
 * <p>Only what cannot have been acknowledged is cut: the last record must run into zeros that reach to the end of the
 * file, so its end was never written, and no flush can have completed after it; it must not be whole with another
 * length; and what was known to be committed must lie before it. Any other damage, such as a flipped bit, is left for
 * Ratis to refuse, because the damaged entry may have been acknowledged.
 */
final class TornTail {
    private static final Logger LOG = LoggerFactory.getLogger(TornTail.class);
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);
    private static final int CHECKSUM_BYTES = 4;
    /**
     * A record whose last so many bytes are zero was not written to its end; a checksum among them is never all zero.
     */
    private static final int PROOF_BYTES = 8;

    private TornTail() {}

    /**
     * Cuts what is torn.
     *
     * @param current the directory of log segments; need not exist
     * @param committed the last entry that is known to have been committed; -1 if none is
     * @param snapshotIndex the last entry that the snapshot of this node holds; -1 if there is none
     * @throws IOException if the file ends before what was committed: nothing is cut, and this node must not take part
     */
    static void cut(Path current, long committed, long snapshotIndex) throws IOException {
        if (!Files.isDirectory(current)) {
            return;
        }
        for (LogSegmentFile segment : LogSegmentFile.list(current)) {
            if (segment.isOpen()) {
                cutSegment(segment, snapshotIndex >= committed ? -1 : committed);
            }
        }
    }

    private static void cutSegment(LogSegmentFile open, long committed) throws IOException {
        Path segment = open.path();
        byte[] bytes = Files.readAllBytes(segment);
        int end = endOfValid(bytes);
        int written = endOfWritten(bytes);
        if (end < HEADER.length || written <= end) {
            return;
        }
        if (!isTorn(bytes, end, written) || isLengthFlipped(bytes, end, written)) {
            LOG.error("{} is damaged at position {}, and not by an unfinished write", segment, end);
            return;
        }
        long last = open.first() + countValid(bytes) - 1;
        if (last < committed) {
            throw new IOException(StartChecks.damage(
                    segment,
                    "it ends, with an unfinished entry, after entry " + last + ", but " + committed
                            + " was known to be committed"));
        }
        LOG.warn("cutting an unfinished entry of {} bytes off the end of {}", written - end, segment);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw");
                FileChannel channel = file.getChannel()) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    /** The position behind the last record that is whole; 0 if not even the header is. */
    static int endOfValid(byte[] bytes) {
        if (bytes.length < HEADER.length || !startsWithHeader(bytes)) {
            return 0;
        }
        int position = HEADER.length;
        while (position < bytes.length && bytes[position] != 0) {
            int next = endOfRecord(bytes, position);
            if (next < 0 || next > bytes.length || !checksumMatches(bytes, position, next)) {
                return position;
            }
            position = next;
        }
        return position;
    }

    private static long countValid(byte[] bytes) {
        long count = 0;
        int position = HEADER.length;
        int end = endOfValid(bytes);
        while (position < end) {
            position = endOfRecord(bytes, position);
            count++;
        }
        return count;
    }

    /**
     * Whether a bit of the length was flipped, so that a whole record seems to go on into the zeros: with another
     * length its checksum matches.
     */
    private static boolean isLengthFlipped(byte[] bytes, int start, int written) {
        byte[] repaired = bytes.clone();
        for (int bit = 0; bit < 5 * Byte.SIZE && start + bit / Byte.SIZE < bytes.length; bit++) {
            int at = start + bit / Byte.SIZE;
            repaired[at] ^= (byte) (1 << (bit % Byte.SIZE));
            int end = endOfRecord(repaired, start);
            if (end > 0
                    && end <= Math.min(bytes.length, written + CHECKSUM_BYTES)
                    && checksumMatches(repaired, start, end)) {
                return true;
            }
            repaired[at] = bytes[at];
        }
        return false;
    }

    private static boolean isTorn(byte[] bytes, int start, int written) {
        int end = endOfRecord(bytes, start);
        return end > 0 && written <= end - PROOF_BYTES;
    }

    private static boolean startsWithHeader(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 0, HEADER.length).equals(ByteBuffer.wrap(HEADER));
    }

    private static int endOfWritten(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** Where the record that starts here ends, by its own length (a varint); -1 if that is no length. */
    private static int endOfRecord(byte[] bytes, int start) {
        long length = 0;
        for (int i = 0; i < 5 && start + i < bytes.length; i++) {
            length |= (long) (bytes[start + i] & 0x7f) << (7 * i);
            if (bytes[start + i] >= 0) {
                long end = start + i + 1 + length + CHECKSUM_BYTES;
                return end > Integer.MAX_VALUE ? -1 : (int) end;
            }
        }
        return -1;
    }

    private static boolean checksumMatches(byte[] bytes, int start, int end) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, start, end - CHECKSUM_BYTES - start);
        int stored =
                ByteBuffer.wrap(bytes, end - CHECKSUM_BYTES, CHECKSUM_BYTES).getInt();
        return (int) checksum.getValue() == stored;
    }
}
