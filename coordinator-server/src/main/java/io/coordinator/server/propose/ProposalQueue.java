package io.coordinator.server.propose;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Proposals that wait for an entry: any thread adds, one thread takes. The parts of a proposal's commands can take far
 * more than their bytes; they count until all of it was taken.
 */
final class ProposalQueue {
    private final Queue<Proposal> proposals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    /** The proposal of which only the first part fitted into the last entry; only the taking thread uses it. */
    private @Nullable Proposal split;

    private int splitFrom;

    void add(Proposal proposal) {
        // Counted last: what is counted can be taken. The count is below zero for a moment if it is taken at once.
        proposals.add(proposal);
        commands.addAndGet(proposal.commands().size());
        bytes.addAndGet(size(proposal.commands()) + proposal.partBytes());
    }

    /** Commands that wait. */
    int commands() {
        return commands.get();
    }

    /** About what they take in the heap. */
    long bytes() {
        return bytes.get();
    }

    /** Moves commands into the entry, at least one if there is one, up to the limits. */
    List<Batch.Part> drainTo(Entry.Builder entry, int bytesMax, int commandsMax) {
        List<Batch.Part> parts = new ArrayList<>();
        long room = bytesMax;
        Proposal proposal = split != null ? split : proposals.poll();
        int from = split != null ? splitFrom : 0;
        split = null;
        while (proposal != null) {
            List<Command> pending = proposal.commands();
            int to = from;
            while (to < pending.size() && entry.getCommandsCount() < commandsMax) {
                int size = pending.get(to).getSerializedSize();
                if (size > room && entry.getCommandsCount() > 0) {
                    break;
                }
                room -= size;
                entry.addCommands(pending.get(to));
                to++;
            }
            if (to > from) {
                parts.add(new Batch.Part(proposal, from, to - from));
            }
            if (to < pending.size()) {
                split = proposal;
                splitFrom = to;
                break;
            }
            bytes.addAndGet(-proposal.partBytes());
            proposal = proposals.poll();
            from = 0;
        }
        commands.addAndGet(-entry.getCommandsCount());
        bytes.addAndGet(room - bytesMax);
        return parts;
    }

    /** Takes everything out and fails it; the split rest only when called by the taking thread. */
    void failAll() {
        for (Proposal proposal = proposals.poll(); proposal != null; proposal = proposals.poll()) {
            commands.addAndGet(-proposal.commands().size());
            bytes.addAndGet(-size(proposal.commands()) - proposal.partBytes());
            proposal.failed();
        }
    }

    /** Fails the rest of a proposal that was split; by the taking thread only. */
    void failSplit() {
        Proposal rest = split;
        if (rest != null) {
            List<Command> unsent =
                    rest.commands().subList(splitFrom, rest.commands().size());
            commands.addAndGet(-unsent.size());
            bytes.addAndGet(-size(unsent) - rest.partBytes());
            split = null;
            rest.failed();
        }
    }

    private static long size(List<Command> commands) {
        long sum = 0;
        for (Command command : commands) {
            sum += command.getSerializedSize();
        }
        return sum;
    }
}
