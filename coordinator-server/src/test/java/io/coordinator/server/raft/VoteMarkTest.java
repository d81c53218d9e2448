package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vote that has left this node is not forgotten, whatever has become of the file that Ratis keeps it in. */
@Feature("R-5")
class VoteMarkTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path group;

    private final AtomicInteger namesForced = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private Path votes;

    @SuppressWarnings("NullAway.Init")
    private Path marked;

    @SuppressWarnings("NullAway.Init")
    private VoteMark mark;

    /** A vote for n2 in term 7 has left. */
    @BeforeEach
    void vote() throws IOException {
        Path current = Files.createDirectory(group.resolve("current"));
        votes = current.resolve("raft-meta");
        marked = group.resolve("vote-mark");
        mark = new VoteMark(current, namesForced::incrementAndGet);
        ratisWrites("term=7\nvotedFor=n2\n");
        mark.write();
    }

    private void ratisWrites(String content) throws IOException {
        Files.writeString(votes, content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "term=7\nvotedFor=n2\n",
                "#a date\nterm=8\nvotedFor=n3\n",
                "term=8\nvotedFor=\n",
                "term=8\n",
                "term=10\nvotedFor=n2\n"
            })
    void aFileThatIsNotBehindItIsTaken(String content) throws IOException {
        ratisWrites(content);
        assertThatCode(mark::check).doesNotThrowAnyException();
    }

    /** Each of them would let this node vote for another in a term in which it has voted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "term=6\nvotedFor=n2\n",
                "term=7\nvotedFor=n3\n",
                "term=7\nvotedFor=\n",
                "term=7\n",
                "votedFor=n2\n",
                "term=x\nvotedFor=n2\n",
                "term=-7\nvotedFor=n2\n",
                "term=\\uq\n",
                "\0\0\0\0",
                ""
            })
    void aFileThatIsBehindOrNoneIsDamaged(String content) throws IOException {
        ratisWrites(content);
        refused("raft-meta");
    }

    @Test
    void aFileOfBytesThatAreNoTextIsDamaged() throws IOException {
        Files.write(votes, new byte[] {(byte) 0xff, (byte) 0xfe, 't'});
        refused("raft-meta");
    }

    @Test
    void aFileThatIsGoneIsDamage() throws IOException {
        Files.delete(votes);
        refused("raft-meta");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7\n",
                "7\nn2\nin term 7 for n2\n0\n",
                "6\nn2\nin term 6 for n2\n0\n",
                "garbage\nn2\nin term 7 for n2\n0\n",
                "\0\0\0"
            })
    void aMarkThatIsDamagedIsNotBelieved(String content) throws IOException {
        Files.writeString(marked, content);
        refused("vote-mark");
    }

    @Test
    void eachBitOfTheMarkCounts() throws IOException {
        byte[] whole = Files.readAllBytes(marked);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 1;
            Files.write(marked, flipped);
            assertThatThrownBy(mark::check).as("byte " + i).isInstanceOf(IOException.class);
        }
    }

    /** No vote has left such a directory. */
    @Test
    void withoutAMarkEverythingIsTaken() throws IOException {
        Files.delete(marked);
        ratisWrites("");
        assertThatCode(mark::check).doesNotThrowAnyException();
        Files.delete(votes);
        assertThatCode(mark::check).doesNotThrowAnyException();
        mark.write();
        assertThat(marked).doesNotExist();
    }

    @Test
    void eachLaterVoteIsMarkedAfterTheNamesAreOnTheDisk() throws IOException {
        ratisWrites("term=9\nvotedFor=n3\n");
        mark.write();
        assertThat(namesForced).hasValue(2);
        ratisWrites("term=8\nvotedFor=n2\n");
        refused("raft-meta");
    }

    @Test
    void aVoteThatCannotBeReadOrMarkedDoesNotLeave() throws IOException {
        ratisWrites("term=x\n");
        assertThatThrownBy(mark::write).isInstanceOf(UncheckedIOException.class);
        ratisWrites("term=8\nvotedFor=n2\n");
        VoteMark unnamed = new VoteMark(group.resolve("current"), () -> {
            throw new UncheckedIOException(new IOException("the disk fails"));
        });
        assertThatThrownBy(unnamed::write).isInstanceOf(UncheckedIOException.class);
        ratisWrites("term=7\nvotedFor=n2\n");
        assertThatCode(mark::check).as("the vote of term 8 was not marked").doesNotThrowAnyException();
    }

    private void refused(String file) {
        assertThatThrownBy(mark::check).isInstanceOf(IOException.class).hasMessageContaining(file);
    }
}
