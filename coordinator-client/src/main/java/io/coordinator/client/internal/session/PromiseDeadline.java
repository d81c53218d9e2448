package io.coordinator.client.internal.session;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;

/** Fails a promise whose outcome is awaited elsewhere without a limit. */
public final class PromiseDeadline extends DeadlineWheel.Timeout {
    private final Promise<?> promise;
    private final String what;

    private PromiseDeadline(Promise<?> promise, String what) {
        this.promise = promise;
        this.what = what;
    }

    /**
     * Limits how long the caller waits.
     *
     * @param what did not happen in time; for the message
     */
    public static void set(SessionChannel channel, Promise<?> promise, long timeoutNanos, String what) {
        long deadline = channel.loop().deadlineIn(timeoutNanos);
        channel.loop().execute(() -> {
            if (!promise.isDone()) {
                PromiseDeadline timeout = new PromiseDeadline(promise, what);
                channel.addDeadline(timeout, deadline);
                var unused = promise.whenComplete(
                        (value, error) -> channel.loop().run(() -> channel.removeDeadline(timeout)));
            }
        });
    }

    @Override
    protected void onTimeout() {
        promise.fail(new RequestTimeoutException(what, true, null));
    }
}
