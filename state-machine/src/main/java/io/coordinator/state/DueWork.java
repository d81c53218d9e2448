package io.coordinator.state;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/**
 * What an entry does before its commands: it expires what is due and goes on with jobs that were left, each for a
 * slice. What does not fit is late, never early: the next entry goes on with it.
 */
final class DueWork {
    private final State state;

    DueWork(State state) {
        this.state = state;
    }

    boolean isPending() {
        Deadline due = state.storage.deadlines().first();
        return state.chores.size() > 0 || (due != null && due.atMillis() <= state.nowMillis);
    }

    void work(Recorder effects) {
        expireDue(effects);
        resumeChores(effects);
    }

    private void expireDue(Recorder effects) {
        Slice slice = state.storage.budget().wholeSlice();
        Deadline due = nextDue();
        while (due != null && !slice.isSpent()) {
            expire(due, effects);
            due = nextDue();
        }
    }

    private @Nullable Deadline nextDue() {
        Deadline due = state.storage.deadlines().first();
        return due == null || due.atMillis() > state.nowMillis ? null : due;
    }

    private void expire(Deadline due, Recorder effects) {
        Context at = at();
        boolean done = new Attempt(state, effects).run("the expiry of " + due, () -> {
            type(due.kind().getNumber()).expire(at, due, effects);
            if (due.equals(state.storage.deadlines().first())) {
                throw new IllegalStateException(due + " has passed and its row still waits for it");
            }
        });
        if (!done) {
            // Every replica meets the same; without this, no entry would ever get beyond it.
            state.storage.deadlines().setAside(due);
        }
    }

    private void resumeChores(Recorder effects) {
        Slice slice = state.storage.budget().wholeSlice();
        String key = state.chores.first();
        while (key != null && !slice.isSpent()) {
            resume(key, effects, slice);
            key = state.chores.first();
        }
    }

    private void resume(String key, Recorder effects, Slice slice) {
        boolean done = new Attempt(state, effects)
                .run("job " + key, () -> state.chores.work(key, slice, (chore, part) -> resume(chore, effects, part)));
        if (!done) {
            state.chores.drop(key);
        }
    }

    private @Nullable Chore resume(Chore chore, Recorder effects, Slice slice) {
        return chore.getData() == DataKind.SESSION
                ? state.releaseSession(chore, effects, slice)
                : type(chore.getDataValue()).resume(at(), chore, effects, slice);
    }

    private Context at() {
        return state.context(0, 0);
    }

    private DataType type(int number) {
        DataType type = state.types.find(number);
        if (type == null) {
            throw new UnknownOperationException("data of kind " + number);
        }
        return type;
    }
}
