package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import java.util.function.Predicate;

/** A data type that throws after it has done what it was asked, so that everything is there to be taken back. */
final class BrokenType extends DelegatingType {
    private final Predicate<Command> breaks;
    private final boolean endsBreak;

    BrokenType(DataType sound, Predicate<Command> breaks, boolean endsBreak) {
        super(sound);
        this.breaks = breaks;
        this.endsBreak = endsBreak;
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        Reply.Builder reply = sound.apply(at, command, effects);
        if (breaks.test(command)) {
            throw new IllegalStateException("broken on purpose");
        }
        return reply;
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        sound.expire(at, due, effects);
        if (endsBreak) {
            throw new IllegalStateException("broken on purpose");
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        boolean done = sound.sessionClosed(at, sessionId, effects, slice);
        if (endsBreak) {
            throw new IllegalStateException("broken on purpose");
        }
        return done;
    }
}
