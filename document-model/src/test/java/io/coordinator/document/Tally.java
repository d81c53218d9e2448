package io.coordinator.document;

/** A meter that remembers what it was told, and has limits. */
final class Tally implements Meter {
    private final long bytesMax;
    private final long stepsMax;
    private long bytes;
    private long steps;
    private long patchBytes;

    Tally(long bytesMax, long stepsMax) {
        this.bytesMax = bytesMax;
        this.stepsMax = stepsMax;
    }

    static Tally unlimited() {
        return new Tally(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    long bytes() {
        return bytes;
    }

    long steps() {
        return steps;
    }

    long patchBytes() {
        return patchBytes;
    }

    @Override
    public void bytes(String part, long count) {
        bytes += count;
        patchBytes += part.equals("the patch") ? count : 0;
        if (bytes > bytesMax) {
            throw new OverBudgetException(part, "bytes", bytesMax);
        }
    }

    @Override
    public void steps(String part, long count) {
        steps += count;
        if (steps > stepsMax) {
            throw new OverBudgetException(part, "steps", stepsMax);
        }
    }
}
