package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

@Feature("C-29")
class ReplyWindowTest {
    private static final int MEGABYTE = 1 << 20;

    private final ReplyWindow window = new ReplyWindow();

    @Test
    void smallRepliesAreBoundedByTheirNumberAlone() {
        replies(1_000, 200);

        assertThat(window.commands()).isEqualTo(ReplyWindow.COMMANDS_MAX);
    }

    @Test
    void largeRepliesNeverAddUpToMoreThanHalfOfWhatAClusterKeeps() {
        replies(100, MEGABYTE);
        assertThat(window.commands()).isEqualTo(8);

        replies(100, 16 * MEGABYTE);
        assertThat(window.commands()).isEqualTo(1);
    }

    @Test
    void smallRepliesAfterLargeOnesOpenItAgain() {
        replies(100, MEGABYTE);
        replies(60, 200);

        assertThat(window.commands()).isEqualTo(ReplyWindow.COMMANDS_MAX);
    }

    @Test
    void halfOfWhatWasTakenIsSentNext() {
        window.turnedBack(16);
        assertThat(window.commands()).isEqualTo(8);
        window.turnedBack(100);
        assertThat(window.commands()).isEqualTo(4);
        window.turnedBack(0);
        assertThat(window.commands()).isEqualTo(1);
    }

    @Test
    void itGrowsByAPartWithEachRoundOfReplies() {
        window.turnedBack(0);
        int rounds = 0;
        for (; window.commands() < ReplyWindow.COMMANDS_MAX; rounds++) {
            replies(window.commands(), 0);
        }

        assertThat(rounds).isBetween(50, 250);
    }

    private void replies(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            window.replied(bytes);
        }
    }
}
