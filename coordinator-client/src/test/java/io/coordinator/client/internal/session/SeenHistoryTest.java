package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Welcome;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** A leader that knows less than the client was shown comes from an older copy of the disks. */
@Feature("C-52")
class SeenHistoryTest {
    private final SeenHistory history = new SeenHistory();

    private static Welcome welcome(long term, long revision) {
        return Welcome.newBuilder().setTerm(term).setRevision(revision).build();
    }

    private void seen(long term, long revision) {
        history.goOn(welcome(term, revision));
    }

    private boolean isMissingIn(long term, long revision) {
        return history.isMissingIn(welcome(term, revision));
    }

    @Test
    void anyLeaderWillDoAtFirst() {
        assertThat(isMissingIn(0, 0)).isFalse();
    }

    @Test
    void aLeaderThatHoldsLessOrIsOfAnEarlierTermIsNotTheSame() {
        seen(5, 100);
        assertThat(isMissingIn(5, 100)).isFalse();
        assertThat(isMissingIn(6, 101)).isFalse();
        assertThat(isMissingIn(5, 99)).isTrue();
        assertThat(isMissingIn(6, 99)).isTrue();
        assertThat(isMissingIn(4, 100)).isTrue();
        assertThat(isMissingIn(4, 200)).isTrue();
    }

    @Test
    void whatWasShownMeanwhileCountsToo() {
        seen(5, 100);
        history.shown(120);
        history.shown(110);
        assertThat(isMissingIn(5, 119)).isTrue();
        assertThat(isMissingIn(5, 120)).isFalse();
    }

    @Test
    void itNeverGoesBackUnlessItBeginsAnew() {
        seen(5, 100);
        seen(4, 90);
        assertThat(isMissingIn(4, 100)).isTrue();
        assertThat(isMissingIn(5, 99)).isTrue();
        history.beginAnew(welcome(2, 10));
        assertThat(isMissingIn(2, 10)).isFalse();
        assertThat(isMissingIn(2, 9)).isTrue();
        assertThat(isMissingIn(1, 10)).isTrue();
    }

    @Test
    void aLeaderOfAnOlderVersionSaysNothingAboutIt() {
        seen(5, 100);
        assertThat(history.isMissingIn(Welcome.newBuilder().setTerm(1).build())).isFalse();
    }

    @Test
    @Feature("B-16")
    void aClusterThatWasMadeAnewIsAnotherHoweverFarItIs() {
        SeenHistory made = new SeenHistory();
        made.goOn(of("one", 1, 1));
        assertThat(made.isMissingIn(of("one", 2, 2))).isFalse();
        assertThat(made.isMissingIn(of("", 3, 3)))
                .as("of a version that does not say it")
                .isFalse();
        assertThat(made.isOfAnother(of("two", 4, 4))).isTrue();
        assertThat(made.isMissingIn(of("two", 4, 4))).isTrue();
        made.beginAnew(of("two", 4, 4));
        assertThat(made.isMissingIn(of("two", 4, 4))).isFalse();
    }

    private static Welcome of(String clusterId, long term, long revision) {
        return Welcome.newBuilder()
                .setClusterId(clusterId)
                .setTerm(term)
                .setRevision(revision)
                .build();
    }
}
