package io.coordinator.state.kernel;

/** How much of a list fits into one answer: so many rows and so many bytes, but at least one row. */
public final class Page {
    public static final int ROWS_MAX = 100;
    public static final int BYTES_MAX = 1 << 20;

    private final int rowsMax;
    private int rows;
    private long bytes;

    /** @param limit how many rows the caller wants; 0 or too many: as many as there may be */
    public Page(int limit) {
        rowsMax = limit <= 0 ? ROWS_MAX : Math.min(limit, ROWS_MAX);
    }

    /** Takes a row of so many bytes if it fits. */
    public boolean takes(long size) {
        if (rows == rowsMax || (rows > 0 && bytes + size > BYTES_MAX)) {
            return false;
        }
        rows++;
        bytes += size;
        return true;
    }
}
