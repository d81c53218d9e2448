package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The commands of one frame while the gate looks at them. That can take long, for it reads documents to their end; so
 * it is done bit by bit, and without any lock. By one thread at a time.
 */
final class Examination {
    private final List<Command> commands;
    private final long partBytes;
    private final CommandIntake.Gate gate;
    private final List<Optional<Error>> refusals;

    /** @param partBytes about what the parts of the frame take in the heap, besides what they hold */
    Examination(List<Command> commands, long partBytes, CommandIntake.Gate gate) {
        this.commands = commands;
        this.partBytes = partBytes;
        this.gate = gate;
        this.refusals = new ArrayList<>(commands.size());
    }

    /**
     * Has the gate look at the next commands, one at least if there is one, until it is time to end.
     *
     * @return whether it has looked at all of them
     */
    boolean goOn(BooleanSupplier over) {
        while (refusals.size() < commands.size()) {
            refusals.add(gate.refuse(commands.get(refusals.size())));
            if (over.getAsBoolean()) {
                break;
            }
        }
        return refusals.size() == commands.size();
    }

    List<Command> commands() {
        return commands;
    }

    long partBytes() {
        return partBytes;
    }

    /** As many of them as belong to commands that may be proposed, by their bytes. */
    long admittedPartBytes() {
        long all = 0;
        long admitted = 0;
        for (int i = 0; i < commands.size(); i++) {
            int size = commands.get(i).getSerializedSize();
            all += size;
            admitted += refusals.get(i).isEmpty() ? size : 0;
        }
        return all == 0 ? 0 : partBytes * admitted / all;
    }

    /** Why the command at that position must not be proposed; it must have been looked at. */
    Optional<Error> refusal(int position) {
        return refusals.get(position);
    }
}
