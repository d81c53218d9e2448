package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.net.Loop;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that have no outcome yet, from their submission until each has ended once: how many there may be, until
 * when each is waited for, and why none is taken any more. Lives on the loop, except {@link #submit} and {@link
 * #withdraw}.
 */
final class SessionCalls {
    private static final Logger log = LoggerFactory.getLogger(SessionCalls.class);

    private final Loop loop;
    private final Attachment attachment;
    private final LeaseWatch lease;
    private final boolean failFast;
    private final Function<String, CoordinatorException> problem;
    private final PendingLimit pending;
    private final LoopDeadlines deadlines;
    private final Sequencer sequencer;
    private final FrameSender sender;

    /** Those that a busy cluster did not take, until they go again. */
    private final Set<CommandCall> paused = new HashSet<>();

    /** Why calls are refused from now on; made anew for each, since a failure remembers who got it. */
    private @Nullable Function<Boolean, CoordinatorException> terminal;

    /**
     * No calls yet.
     *
     * @param problem why calls cannot be served while there is no stream; is given what has not happened
     */
    SessionCalls(
            SessionSettings settings,
            Loop loop,
            Attachment attachment,
            LeaseWatch lease,
            Function<String, CoordinatorException> problem) {
        this.loop = loop;
        this.attachment = attachment;
        this.lease = lease;
        this.problem = problem;
        failFast = settings.failFast();
        pending = new PendingLimit(settings.pendingCallsMax(), settings.pendingBytesMax());
        deadlines = new LoopDeadlines(loop);
        sequencer = new Sequencer(attachment.session(), this::fail);
        sender = new FrameSender(loop, attachment, sequencer, this::acknowledge);
    }

    /** Their order. */
    Sequencer sequencer() {
        return sequencer;
    }

    /** Their way out. */
    FrameSender sender() {
        return sender;
    }

    // ---- beginning ----

    /**
     * Takes a call, on any thread; its outcome is told on the loop.
     *
     * @param timeoutNanos how long its caller waits; 0 for ever
     */
    void submit(Call call, long timeoutNanos) {
        CoordinatorException refusal = pending.admit(call);
        long deadline = timeoutNanos == 0 ? 0 : loop.deadlineIn(timeoutNanos);
        Runnable task =
                refusal == null ? () -> accept(call, timeoutNanos != 0, deadline) : () -> call.onFailure(refusal);
        if (!loop.offer(task)) {
            pending.release(call);
            call.onFailure(SessionChannel.closed(false));
        }
    }

    private void accept(Call call, boolean hasDeadline, long deadlineNanos) {
        if (call.finished) {
            return; // withdrawn before it arrived here
        }
        call.calls = this;
        call.losses = lease.losses();
        if (terminal != null) {
            fail(call, terminal.apply(false));
        } else if (failFast && !attachment.isAttached() && !call.isPersistent()) {
            fail(call, new DisconnectedException("not connected, and failFast is set", false, null));
        } else {
            if (hasDeadline) {
                deadlines.add(call, deadlineNanos);
            }
            add(call);
        }
    }

    /** Puts a call in line, though calls may be refused by now. */
    void add(Call call) {
        sequencer.add(call);
        sender.scheduleFlush();
    }

    /** The cluster was too busy for a command: it goes again after a pause. */
    void addAfter(long pauseNanos, CommandCall call) {
        call.forgetNumber();
        paused.add(call);
        loop.schedule(() -> addAgain(call), pauseNanos);
    }

    private void addAgain(CommandCall call) {
        paused.remove(call);
        if (terminal != null) {
            fail(call, terminal.apply(true));
        } else {
            add(call);
        }
    }

    private void acknowledge() {
        if (terminal == null) {
            submit(SilentCommand.acknowledge(), 0);
        }
    }

    /** Takes a call back if it was not sent yet, on any thread; an unanswered query also if it was. */
    void withdraw(Call call) {
        loop.run(() -> {
            if (call instanceof QueryCall query) {
                sequencer.forget(query);
                finish(call);
            } else if (call instanceof CommandCall command && !command.isSequenced()) {
                finish(call);
            }
        });
    }

    // ---- deadlines ----

    /** Watches a deadline that is no call's own. */
    void addDeadline(DeadlineWheel.Timeout timeout, long deadlineNanos) {
        deadlines.add(timeout, deadlineNanos);
    }

    void removeDeadline(DeadlineWheel.Timeout timeout) {
        deadlines.remove(timeout);
    }

    void onDeadline(Call call) {
        String what = "no answer within the call's deadline";
        if (call instanceof CommandCall command && (command.isSequenced() || command.isPersistent())) {
            command.onDeadline(new RequestTimeoutException(
                    what + "; the command may have been applied, or may yet be", command.isSequenced(), null));
            return;
        }
        if (call instanceof QueryCall query) {
            sequencer.forget(query);
        }
        fail(call, attachment.isAttached() ? new RequestTimeoutException(what, false, null) : problem.apply(what));
    }

    // ---- ending ----

    /**
     * Ends a call by telling it its answer. A defect in what makes an outcome of the answer must cost this call alone,
     * and it must end all the same.
     */
    void answer(Call call, Runnable told) {
        if (!finish(call)) {
            return;
        }
        try {
            told.run();
        } catch (Throwable e) {
            Thrown.warn(log, "A defect in this client: an answer could not be handled", e);
            call.onFailure(new ServerException(
                    ErrorCode.EBROKER, "the answer could not be handled: " + Thrown.text(e), false, true));
        }
    }

    private void fail(Call call, CoordinatorException why) {
        if (finish(call)) {
            call.onFailure(why);
        }
    }

    /** Ends the account of a call; true the first time. */
    private boolean finish(Call call) {
        if (call.finished) {
            return false;
        }
        call.finished = true;
        deadlines.remove(call);
        pending.release(call);
        return true;
    }

    /** Fails the commands that have a number and no reply: they may have been applied. */
    void failNumbered(Supplier<CoordinatorException> why) {
        failAll(sequencer.takeNumbered(), why);
    }

    /** Fails the queries that were sent and have no answer. */
    void failAsked(Supplier<CoordinatorException> why) {
        failAll(sequencer.takeAsked(), why);
    }

    /** Fails the calls that were never sent, if a test holds for them. */
    void failUnsent(Predicate<Call> test, Supplier<CoordinatorException> why) {
        failAll(sequencer.takeUnsent(test), why);
    }

    private void failAll(Collection<? extends Call> calls, Supplier<CoordinatorException> why) {
        calls.forEach(call -> fail(call, why.get()));
    }

    // ---- none any more ----

    /**
     * Refuses what is submitted from now on; what was taken goes on.
     *
     * @param why makes the failure of one call, which may have been applied if the argument is true
     */
    void refuse(Function<Boolean, CoordinatorException> why) {
        terminal = why;
    }

    boolean isRefusing() {
        return terminal != null;
    }

    /** Fails everything that has no outcome yet. */
    void failEverything(Function<Boolean, CoordinatorException> why) {
        failNumbered(() -> why.apply(true));
        failAsked(() -> why.apply(false));
        failUnsent(call -> true, () -> why.apply(false));
        failAll(paused, () -> why.apply(false));
    }
}
