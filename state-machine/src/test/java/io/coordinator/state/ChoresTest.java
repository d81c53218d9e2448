package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Chore;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.session.SharedValues;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order jobs are done, and for how long they are kept. */
@Feature("C-09")
class ChoresTest {
    private final Storage storage = new Storage();
    private final SharedValues shared = new SharedValues(storage);
    private final Chores chores = new Chores(storage, shared);
    private final List<String> done = new ArrayList<>();

    private static Chore chore(String subject) {
        return Chore.newBuilder().setSubject(subject).build();
    }

    /** Does the next job as far as the worker does it. */
    private void next(Chores.Worker worker) {
        String key = chores.first();
        assertThat(key).isNotNull();
        chores.work(String.valueOf(key), storage.budget().wholeSlice(), (chore, slice) -> {
            done.add(chore.getSubject());
            return worker.work(chore, slice);
        });
    }

    @Test
    void thoseForWhichSomebodyWaitsComeFirstEachInTheOrderInWhichItWasLeft() {
        chores.add(1, false, chore("reclaim 1"));
        chores.add(20, true, chore("urgent 20"));
        chores.add(3, true, chore("urgent 3"));
        chores.add(200, false, chore("reclaim 200"));
        assertThat(chores.size()).isEqualTo(4);
        while (chores.size() > 0) {
            next((chore, slice) -> null);
        }
        assertThat(done).containsExactly("urgent 3", "urgent 20", "reclaim 1", "reclaim 200");
        assertThat(chores.first()).isNull();
    }

    @Test
    void whatIsNotDoneGoesOnBeforeTheNext() {
        chores.add(1, true, chore("a"));
        chores.add(2, true, chore("b"));
        next((chore, slice) -> chore.toBuilder().setCursor("half").build());
        next((chore, slice) -> {
            assertThat(chore.getCursor()).isEqualTo("half");
            return chore;
        });
        next((chore, slice) -> null);
        next((chore, slice) -> null);
        assertThat(done).containsExactly("a", "a", "a", "b");
    }

    @Test
    void whatAJobHasToTellIsKeptUntilItIsDoneOrGivenUp() {
        for (boolean givenUp : new boolean[] {false, true}) {
            shared.add(7, ByteString.copyFromUtf8("1"));
            chores.add(1, true, chore("a").toBuilder().setValueId(7).build());
            shared.dropUnused(7);
            assertThat(shared.get(7).toStringUtf8()).isEqualTo("1");
            if (givenUp) {
                chores.drop(String.valueOf(chores.first()));
            } else {
                next((chore, slice) -> null);
            }
            assertThat(storage.rows()).isZero();
        }
    }
}
