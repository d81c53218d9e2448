package io.coordinator.server.raft;

import io.coordinator.server.disk.DurableFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last vote that has left this node, once more, with a checksum. Ratis' own file has none: a flipped bit in it
 * would be another term or another candidate, and the node would vote a second time in a term.
 *
 * <p>The mark is on the disk before a vote leaves. What Ratis wrote later is never behind it: a higher term, or a vote
 * in a term without one. So a vote file that is behind its mark was damaged, and one that is not is safe, whatever has
 * happened to it. Thread-safe.
 */
final class VoteMark {
    private static final String FILE = "vote-mark";
    private static final String NOBODY = "";

    private final Path votes;
    private final Path mark;
    private final Runnable names;
    private String written = "";

    /**
     * @param current the directory of the log
     * @param names returns when the disk has the names of the log's files, or throws
     */
    VoteMark(Path current, Runnable names) {
        this.names = names;
        this.votes = current.resolve("raft-meta");
        this.mark = current.resolveSibling(FILE);
    }

    private record Vote(long term, String candidate) {

        static Vote parse(String term, String candidate) throws IOException {
            try {
                return new Vote(Long.parseLong(term), candidate);
            } catch (NumberFormatException e) {
                throw new IOException("'" + term + "' is no term", e);
            }
        }

        boolean isBehind(Vote marked) {
            return term < marked.term
                    || (term == marked.term && !marked.candidate.equals(NOBODY) && !candidate.equals(marked.candidate));
        }

        String line() {
            return "in term " + term + " for " + candidate;
        }
    }

    /**
     * Returns when the disk has what Ratis has written of the latest vote.
     *
     * @throws UncheckedIOException if it cannot be read or written; no vote may leave then
     */
    synchronized void write() {
        names.run();
        try {
            if (!Files.exists(votes)) {
                return;
            }
            Vote vote = voted();
            if (!vote.line().equals(written)) {
                DurableFile.write(
                        mark, List.of(Long.toString(vote.term()), vote.candidate(), vote.line(), checksum(vote)));
                written = vote.line();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot mark the vote of this node in " + mark, e);
        }
    }

    /**
     * To be called before Ratis reads its file.
     *
     * @throws IOException if that is damaged, or gone
     */
    void check() throws IOException {
        if (!Files.exists(mark)) {
            return;
        }
        Vote marked = marked();
        if (!Files.exists(votes)) {
            throw damaged(votes, "it is gone", null);
        }
        Vote vote;
        try {
            vote = voted();
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(votes, e.toString(), e);
        }
        if (vote.isBehind(marked)) {
            throw damaged(
                    votes, "it says that this node voted " + vote.line() + ", but it voted " + marked.line(), null);
        }
    }

    private Vote marked() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(mark, StandardCharsets.UTF_8);
            if (lines.size() == 4) {
                Vote vote = Vote.parse(lines.get(0), lines.get(1));
                if (checksum(vote).equals(lines.get(3)) && vote.line().equals(lines.get(2))) {
                    return vote;
                }
            }
        } catch (IOException e) {
            throw damaged(mark, e.toString(), e);
        }
        throw damaged(mark, "its checksum is another", null);
    }

    private Vote voted() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(votes)));
        return Vote.parse(properties.getProperty("term", "none"), properties.getProperty("votedFor", NOBODY));
    }

    private static String checksum(Vote vote) {
        CRC32C checksum = new CRC32C();
        checksum.update(vote.line().getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }

    private static IOException damaged(Path file, String how, @Nullable Throwable cause) {
        return new IOException(StartChecks.damage(file, how), cause);
    }
}
