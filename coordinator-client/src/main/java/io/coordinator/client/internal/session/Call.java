package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import org.jspecify.annotations.Nullable;

/** Something submitted to the channel. All but its construction happens on the loop. */
public abstract class Call extends DeadlineWheel.Timeout {
    private final int bytes;

    @Nullable
    SessionCalls calls;

    /** How many sessions had been lost when it was submitted. */
    int losses;

    /** It counts as pending. */
    boolean counted;

    /** No answer is awaited any more, or the caller took it back before it was sent. */
    boolean finished;

    Call(int bytes) {
        this.bytes = bytes;
    }

    /** The size of the request, for the limits on what is pending. */
    final int bytes() {
        return bytes;
    }

    /** Whether the SDK itself needs it done, whatever its caller's patience. */
    boolean isPersistent() {
        return false;
    }

    /** There will be no answer: it was not sent, its session ended, or the client is closed. Told at most once. */
    protected abstract void onFailure(CoordinatorException why);

    @Override
    protected final void onTimeout() {
        if (calls != null) {
            calls.onDeadline(this);
        }
    }
}
