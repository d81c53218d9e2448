package io.coordinator.testing.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.watch.ChangeEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a watch is found to tell wrongly, and when it has told all about an object. */
class HeardTest {
    private final List<Violation> violations = new ArrayList<>();
    private final Heard heard = new Heard("k-", violations::add);
    private final List<List<ChangeEvent>> complete = new ArrayList<>();

    @Test
    void changesInOrderAreFine() {
        heard.add(event(1, 1));
        heard.add(event(2, 1));
        heard.add(event(2, 2));
        assertThat(violations).isEmpty();
    }

    @Test
    void aChangeOutOfOrderAndOneThatIsToldTwiceAreFound() {
        heard.add(event(3, 1));
        heard.add(event(2, 1));
        assertThat(violations).hasSize(1);
        heard.add(event(2, 1));
        assertThat(violations).hasSize(2);
        assertThat(violations.get(1).report()).contains("told twice");
    }

    @Test
    void anObjectIsCompleteWithTheFirstChangeOfTheNamedOne() {
        heard.add(event(1, 1));
        heard.whenComplete(1, 3, complete::add);
        heard.add(event(2, 2));
        assertThat(complete).isEmpty();
        assertThat(heard.isWaiting(1)).isTrue();
        heard.add(event(3, 3));
        assertThat(complete).containsExactly(List.of(event(1, 1)));
        assertThat(heard.isWaiting(1)).isFalse();
    }

    @Test
    void whatMayHaveBeenMissedIsNotCompared() {
        heard.isCompleteFrom(2);
        heard.add(event(1, 1));
        heard.add(event(2, 2));
        heard.whenComplete(1, 2, complete::add);
        heard.whenComplete(2, 2, complete::add);
        assertThat(complete).containsExactly(List.of(event(2, 2)));
    }

    @Test
    void whatNobodyHeardOfIsComparedAsNothing() {
        heard.add(event(1, 2));
        heard.whenComplete(1, 2, complete::add);
        assertThat(complete).containsExactly(List.of());
    }

    @Test
    void eventsThatWereComparedAreForgottenButCounted() {
        heard.add(event(1, 1));
        heard.whenComplete(1, 1, complete::add);
        heard.whenComplete(1, 1, complete::add);
        assertThat(complete).containsExactly(List.of(event(1, 1)), List.of());
        assertThat(heard.events()).isOne();
        assertThat(heard.lastRevision()).isOne();
    }

    @Test
    void laterChangesOfOlderObjectsMakeNothingWaitAgain() {
        heard.add(event(1, 5));
        heard.add(event(2, 1));
        heard.whenComplete(1, 5, complete::add);
        assertThat(complete).containsExactly(List.of(event(2, 1)));
        heard.whenComplete(4, 9, complete::add);
        assertThat(heard.isWaiting(3)).isFalse();
        assertThat(heard.isWaiting(4)).isTrue();
    }

    @Test
    void aReportShowsTheLastSixChanges() {
        for (int revision = 1; revision <= 8; revision++) {
            heard.add(event(revision, revision));
        }
        heard.add(event(8, 8));
        assertThat(violations.get(0).report().lines()).hasSize(1 + 6);
    }

    private static ChangeEvent event(long revision, long number) {
        return new ChangeEvent(revision, ChangeEvent.Data.CACHE, "default", "k-" + number, ChangeEvent.Kind.PUT, null);
    }
}
