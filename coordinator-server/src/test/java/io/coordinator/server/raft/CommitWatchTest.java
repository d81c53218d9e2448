package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Entry;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** A commit proves leadership before it is applied, but only under the leadership in which its entry was appended. */
@Feature({"G-13", "C-09"})
class CommitWatchTest {
    private long leadsTerm = 3;
    private long lastIndex;
    private long committedIndex;
    private final CommitWatch watch = new CommitWatch(term -> term == leadsTerm, () -> lastIndex, () -> committedIndex);

    @Test
    void theNewestOfThoseCommittedIsToldOnce() {
        append(10);
        Submission second = append(11);
        append(12);
        assertThat(watch.newest()).isEmpty();

        committedIndex = 11;
        assertThat(watch.newest()).contains(second);
        assertThat(watch.newest()).isEmpty();
    }

    @Test
    void whatCommitsUnderALaterLeadershipProvesNothing() {
        append(10);
        leadsTerm = 4;
        committedIndex = 10;
        assertThat(watch.newest()).isEmpty();

        leadsTerm = 3;
        assertThat(watch.newest()).as("and is forgotten").isEmpty();
    }

    @Test
    void whatWasAppendedWhileLeadershipChangedProvesNothing() {
        lastIndex = 10;
        committedIndex = 10;
        watch.appended(new Dummy(), 2);
        assertThat(watch.newest()).isEmpty();
    }

    private Submission append(long index) {
        lastIndex = index;
        Submission submission = new Dummy();
        watch.appended(submission, 3);
        return submission;
    }

    private static final class Dummy implements Submission {
        @Override
        public Entry entry() {
            return Entry.getDefaultInstance();
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
