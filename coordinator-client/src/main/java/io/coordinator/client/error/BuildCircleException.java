package io.coordinator.client.error;

import java.util.List;

/**
 * A build would wait for itself: its function asks for its own result, or for the result of a build whose function
 * waits for this one, directly or through others. The call that closes the circle fails at once instead of at its
 * timeout. A circle is noticed if all its functions run in one client and ask on the threads on which they were called.
 */
public final class BuildCircleException extends RejectedException {
    private final List<String> circle;

    /**
     * @param circle {@code namespace/key} of each build, which waits for the next one; the last one is the first again
     */
    public BuildCircleException(List<String> circle) {
        super(
                ErrorCode.EBUILDCIRCLE,
                false,
                false,
                "a build would wait for itself: " + String.join(" → ", circle)
                        + "; have its function make what it needs, or split the value in two keys",
                null);
        this.circle = List.copyOf(circle);
    }

    /**
     * The builds in the circle, {@code namespace/key} each: every one waits for the next, and the last is the first
     * again. At least two.
     */
    public List<String> circle() {
        return circle;
    }
}
