package io.coordinator.cli.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One table of rows of several kinds; what a kind has no column for is {@code -}. */
public final class Sections {
    private static final String KIND = "";

    private final Set<String> headings = new LinkedHashSet<>(List.of(KIND));
    private final List<Map<String, String>> rows = new ArrayList<>();

    /** Adds rows below those before, each beginning with the kind. */
    public <T> Sections add(String kind, Columns<T> columns, List<T> more) {
        headings.addAll(columns.headings());
        for (T row : more) {
            Map<String, String> cells = new LinkedHashMap<>(columns.cells(row));
            cells.put(KIND, kind);
            rows.add(cells);
        }
        return this;
    }

    /** The table, as {@link TextTable#render} gives it. */
    public String render() {
        TextTable table = new TextTable(List.copyOf(headings));
        for (Map<String, String> cells : rows) {
            table.row(headings.stream()
                    .map(heading -> cells.getOrDefault(heading, Columns.NONE))
                    .toList());
        }
        return table.render();
    }
}
