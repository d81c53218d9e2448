package io.coordinator.client.internal.async;

/** How much the subscribers of reactive streams ask for. */
public final class Demand {
    private Demand() {}

    /**
     * What is wanted when so much more is asked for; {@link Long#MAX_VALUE} stands for no bound.
     *
     * @param wanted before, from 0
     * @param count from 1
     */
    public static long add(long wanted, long count) {
        return wanted > Long.MAX_VALUE - count ? Long.MAX_VALUE : wanted + count;
    }

    /** What is wanted when one item less is. */
    public static long less(long wanted) {
        return wanted == Long.MAX_VALUE ? wanted : wanted - 1;
    }

    /** What ends the subscription of who asks for less than one item: rule 3.9 says the exception. */
    public static IllegalArgumentException refused(long count) {
        return new IllegalArgumentException(
                "a subscriber must request at least 1 item (rule 3.9 of reactive streams), but requested " + count);
    }
}
