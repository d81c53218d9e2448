package io.coordinator.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Prints a list as it is read, so that however long it is a page of it is in memory: JSON whole, unless a limit is
 * given; a table of at most so many rows, since its widths are known only at its end.
 *
 * @param <T> a row
 */
public final class ListPrinter<T> {
    /** Rows of a table for which no limit is given. */
    public static final int TABLE_ROWS_MAX = 1_000;

    /** Where rows come from. */
    public interface Source<T> {
        /** The page behind a row; the first one if there is none. */
        Page<T> after(Optional<T> last);
    }

    /**
     * Some rows.
     *
     * @param rows in their order; not empty if there are more
     * @param more whether there are more behind them
     */
    public record Page<T>(List<T> rows, boolean more) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    private static final int NAMED_PAGE = 100;

    private final Console console;
    private final String command;
    private final OutputFormat format;
    private final Columns<T> columns;
    private final ListOptions limits;

    /**
     * A listing that is not printed yet.
     *
     * @param command whose listing it is, such as {@code cache ls}; for messages
     * @param format how to print it
     */
    public ListPrinter(Console console, String command, OutputFormat format, Columns<T> columns, ListOptions limits) {
        this.console = console;
        this.command = command;
        this.format = format;
        this.columns = columns;
        this.limits = limits;
    }

    /**
     * The pages of a list in the order of names that does not say whether there is more, and may be cut by its size.
     *
     * @param name of a row
     * @param list the rows behind a name, at most so many
     */
    public static <T> Source<T> byName(Function<T, String> name, BiFunction<String, Integer, List<T>> list) {
        return last -> {
            List<T> page = list.apply(last.map(name).orElse(""), NAMED_PAGE);
            boolean more = !page.isEmpty()
                    && !list.apply(name.apply(page.get(page.size() - 1)), 1).isEmpty();
            return new Page<>(page, more);
        };
    }

    /** Prints what was read already. */
    public void print(List<T> rows) {
        print(last -> new Page<>(rows, false));
    }

    /** Reads and prints. Says on stderr if there is more than the limit. */
    public void print(Source<T> source) {
        Sink<T> sink = sink();
        long left = limits.max().orElse(format == OutputFormat.table ? TABLE_ROWS_MAX : Long.MAX_VALUE);
        long max = left;
        Optional<T> last = Optional.empty();
        boolean more = true;
        while (more && left > 0 && !console.out().checkError()) {
            Page<T> page = source.after(last);
            List<T> rows =
                    page.rows().subList(0, (int) Math.min(left, page.rows().size()));
            rows.forEach(sink::add);
            left -= rows.size();
            more = page.more() || rows.size() < page.rows().size();
            last = rows.isEmpty() ? last : Optional.of(rows.get(rows.size() - 1));
        }
        sink.end();
        if (more && left == 0) {
            console.err()
                    .println("coordinator " + command + ": these are the first " + max
                            + "; there are more: give --limit, or the beginning of the names");
        }
    }

    private interface Sink<T> {
        void add(T row);

        void end();
    }

    private Sink<T> sink() {
        return switch (format) {
            case table -> new TableSink();
            case json -> new ArraySink();
            case jsonl -> new LineSink();
        };
    }

    private final class TableSink implements Sink<T> {
        private final TextTable table = new TextTable(columns.headings());

        @Override
        public void add(T row) {
            table.row(new ArrayList<>(columns.cells(row).values()));
        }

        @Override
        public void end() {
            console.out().print(table.render());
        }
    }

    private final class ArraySink implements Sink<T> {
        private String before = "[";

        @Override
        public void add(T row) {
            console.out().print(before + Json.line(columns.json(row)));
            before = ",";
        }

        @Override
        public void end() {
            console.out().println(before.equals("[") ? "[]" : "]");
        }
    }

    private final class LineSink implements Sink<T> {
        @Override
        public void add(T row) {
            console.out().println(Json.line(columns.json(row)));
        }

        @Override
        public void end() {}
    }
}
