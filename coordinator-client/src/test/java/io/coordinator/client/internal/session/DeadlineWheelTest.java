package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final DeadlineWheel wheel = new DeadlineWheel(-SECOND);
    private final List<Node> due = new ArrayList<>();

    private class Node extends DeadlineWheel.Timeout {
        private final long deadline;

        Node(long deadline) {
            this.deadline = deadline;
        }

        @Override
        protected void onTimeout() {
            due.add(this);
        }
    }

    private Node add(long deadline) {
        return add(new Node(deadline));
    }

    private Node add(Node node) {
        wheel.add(node, node.deadline);
        return node;
    }

    @Test
    void deadlinesAreNeverEarlyAndHardlyLate() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Node> waiting = new ArrayList<>();
        for (long now = -SECOND; now < 60 * SECOND; now += random.nextInt((int) SECOND / 4)) {
            if (now < 40 * SECOND) {
                waiting.add(add(now + (long) (random.nextDouble() * 15 * SECOND)));
            }
            long sweptAt = now;
            wheel.sweep(now);
            assertThat(due).allMatch(node -> node.deadline <= sweptAt);
            waiting.removeAll(due);
            due.clear();
            assertThat(waiting).noneMatch(node -> node.deadline < sweptAt - 2 * DeadlineWheel.SLOT_NANOS);
        }
        assertThat(waiting).isEmpty();
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void removedDeadlineIsNotTold() {
        Node node = add(0);
        wheel.remove(node);
        wheel.remove(node);
        wheel.sweep(SECOND);

        assertThat(due).isEmpty();
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void oneThatIsDueMayRemoveAnother() {
        Node second = new Node(0);
        add(new Node(0) {
            @Override
            protected void onTimeout() {
                wheel.remove(second);
            }
        });
        add(second);
        Node third = add(0);

        wheel.sweep(SECOND);

        assertThat(due).containsExactly(third);
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void pastDeadlineIsDueAtTheNextSweep() {
        wheel.sweep(5 * SECOND);
        Node late = add(SECOND);
        wheel.sweep(5 * SECOND + 2 * DeadlineWheel.SLOT_NANOS);

        assertThat(due).containsExactly(late);
    }

    @Test
    void farDeadlineSurvivesFullTurns() {
        Node far = add(100 * SECOND);
        for (long now = 0; now < 100 * SECOND; now += SECOND / 2) {
            wheel.sweep(now);
        }
        assertThat(due).isEmpty();

        wheel.sweep(101 * SECOND);
        assertThat(due).containsExactly(far);
    }

    @Test
    void oneOfManyInASlotIsRemovedAndTheOthersAreTold() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            nodes.add(add(0));
        }
        wheel.remove(nodes.get(0));
        wheel.remove(nodes.get(2));
        wheel.remove(nodes.get(4));
        assertThat(wheel.isEmpty()).isFalse();
        wheel.sweep(SECOND);
        assertThat(due).containsExactly(nodes.get(1), nodes.get(3));
        assertThat(wheel.isEmpty()).isTrue();
        Node again = add(nodes.get(0));
        wheel.sweep(3 * SECOND);
        assertThat(due).contains(again);
    }
}
