package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.GatedRead;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Queries are evaluated in steps that end in time. */
@Feature("C-08")
class QueryLaneTest {
    private static final int QUERIES = 100;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final Queue<GatedRead> steps = new ArrayDeque<>();
    private final List<Integer> answered = new ArrayList<>();
    private final QueryLane lane = new QueryLane(
            new StreamAccount(new Outgoing(1 << 20, 1 << 20, 1_000, Runnable::run)),
            steps::add,
            new QueryLane.Receiver() {
                @Override
                public void answered(List<Answer> answers) {
                    answered.add(answers.size());
                }

                @Override
                public void leadershipLost() {}
            });

    @Test
    void aStepTakesAllThereIsWhileItsTurnLasts() {
        ask(QUERIES);
        step(1_000);
        assertThat(answered).containsExactly(QUERIES);
    }

    @Test
    void aStepEndsWithItsTurnAndTheNextGoesOn() {
        ask(QUERIES);
        step(10);
        step(60);
        step(1_000);
        assertThat(answered).containsExactly(10, 60, 30);
    }

    @Test
    void aStepWhoseTurnIsOverAnswersOne() {
        ask(2);
        step(0);
        step(0);
        assertThat(answered).containsExactly(1, 1);
        lane.pump();
        assertThat(steps).isEmpty();
    }

    private void ask(int queries) {
        for (int i = 0; i < queries; i++) {
            lane.add(Query.newBuilder().setId(i).build());
        }
    }

    /** @param queries after which the turn is over */
    private void step(int queries) {
        lane.pump();
        GatedRead step = steps.remove();
        int[] looks = {queries};
        step.evaluate(core, () -> --looks[0] <= 0);
        step.release();
    }
}
