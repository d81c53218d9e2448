package io.coordinator.server.propose;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Reply;
import io.coordinator.server.raft.Submission;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One entry in flight, and whose commands are in it. It ends once: applied or failed, whichever is first.
 *
 * <p>An entry without commands is as good as any other as a proof of leadership.
 */
public final class Batch implements Submission {
    private final long ordinal;
    private final long submittedNanos;
    private final Entry entry;
    private final List<Part> parts;
    private final Consumer<Batch> onFailure;
    private final AtomicBoolean ended = new AtomicBoolean();

    Batch(long ordinal, long submittedNanos, Entry entry, List<Part> parts, Consumer<Batch> onFailure) {
        this.ordinal = ordinal;
        this.submittedNanos = submittedNanos;
        this.entry = entry;
        this.parts = parts;
        this.onFailure = onFailure;
    }

    /** A run of commands of one proposal. */
    record Part(Proposal proposal, int from, int count) {}

    /** Counts the entries of this process; larger means submitted later. */
    public long ordinal() {
        return ordinal;
    }

    /** {@link System#nanoTime} before it was handed to the log. */
    public long submittedNanos() {
        return submittedNanos;
    }

    @Override
    public Entry entry() {
        return entry;
    }

    int commands() {
        return entry.getCommandsCount();
    }

    @Override
    public void failed(Throwable cause) {
        onFailure.accept(this);
    }

    /** False if it has ended before. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    void deliver(List<Reply> replies) {
        int position = 0;
        for (Part part : parts) {
            part.proposal().applied(part.from(), replies.subList(position, position + part.count()));
            position += part.count();
        }
    }

    void fail() {
        parts.forEach(part -> part.proposal().failed());
    }
}
