package io.coordinator.client.internal.async;

import java.util.function.LongFunction;

/** Work of which the cluster does a part with each command. */
public final class Portions {
    private Portions() {}

    /**
     * What one command has done.
     *
     * @param count how much
     * @param more whether there is more to do
     */
    public record Portion(long count, boolean more) {}

    /**
     * Asks for all of it.
     *
     * @param command is given 0 for as much as it likes
     * @return how much was done
     */
    public static Promise<Long> all(Promises promises, LongFunction<Promise<Portion>> command) {
        return upTo(promises, Long.MAX_VALUE, 0, command);
    }

    /**
     * Asks for so much of it at most.
     *
     * @param command is given how much it may do
     * @return how much was done
     */
    public static Promise<Long> upTo(Promises promises, long count, LongFunction<Promise<Portion>> command) {
        return upTo(promises, count, 0, command);
    }

    private static Promise<Long> upTo(
            Promises promises, long count, long before, LongFunction<Promise<Portion>> command) {
        boolean all = count == Long.MAX_VALUE;
        return promises.compose(command.apply(all ? 0 : count), done -> {
            long total = before + done.count();
            long left = all ? count : count - done.count();
            return done.more() && left > 0 ? upTo(promises, left, total, command) : promises.succeeded(total);
        });
    }
}
