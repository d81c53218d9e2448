package io.coordinator.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What a listing shows of each row, every column said once: its heading and cell in tables, its member in JSON. A
 * heading or member that is empty leaves the column out there.
 *
 * @param <T> a row
 */
public final class Columns<T> {
    /** The cell of what a row does not have. */
    public static final String NONE = "-";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private record Column<T>(
            String heading, String member, Function<T, String> cell, Function<T, Optional<JsonNode>> value) {}

    private final List<Column<T>> columns = new ArrayList<>();

    /** Adds a text; an empty one is {@code -} in tables. */
    public Columns<T> text(String heading, String member, Function<T, String> value) {
        return column(heading, member, row -> orNone(value.apply(row)), row -> NODES.textNode(value.apply(row)));
    }

    /** Adds a number. */
    public Columns<T> number(String heading, String member, ToLongFunction<T> value) {
        return column(
                heading,
                member,
                row -> Long.toString(value.applyAsLong(row)),
                row -> NODES.numberNode(value.applyAsLong(row)));
    }

    /** Adds a number of a session or a token, which tables show without a sign. */
    public Columns<T> id(String heading, String member, ToLongFunction<T> value) {
        return column(
                heading,
                member,
                row -> Long.toUnsignedString(value.applyAsLong(row)),
                row -> NODES.numberNode(value.applyAsLong(row)));
    }

    /** Adds a time, in milliseconds. */
    public Columns<T> elapsed(String heading, String member, ToLongFunction<T> millis) {
        return column(
                heading,
                member,
                row -> Elapsed.text(millis.applyAsLong(row)),
                row -> NODES.numberNode(millis.applyAsLong(row)));
    }

    /** Adds a time, in milliseconds, that not every row has. */
    public Columns<T> elapsedIf(String heading, String member, Function<T, OptionalLong> millis) {
        return add(
                heading,
                member,
                row -> {
                    OptionalLong time = millis.apply(row);
                    return time.isPresent() ? Elapsed.text(time.getAsLong()) : NONE;
                },
                row -> {
                    OptionalLong time = millis.apply(row);
                    return time.isPresent() ? Optional.of(NODES.numberNode(time.getAsLong())) : Optional.empty();
                });
    }

    /** Adds a JSON value that not every row has; long ones are cut in tables. */
    public Columns<T> json(String heading, String member, Function<T, Optional<JsonNode>> value) {
        return add(heading, member, row -> value.apply(row).map(Json::brief).orElse(NONE), value);
    }

    /** Adds the names of what a row is about; tables show them as a sum. */
    public Columns<T> names(String heading, String member, Function<T, List<String>> value) {
        return column(heading, member, row -> String.join(" + ", value.apply(row)), row -> {
            ArrayNode names = NODES.arrayNode();
            value.apply(row).forEach(names::add);
            return names;
        });
    }

    /** Adds what only programs read. */
    public Columns<T> member(String member, Function<T, JsonNode> value) {
        return column("", member, row -> NONE, value);
    }

    /** Adds a number that only programs read. */
    public Columns<T> numberMember(String member, ToLongFunction<T> value) {
        return number("", member, value);
    }

    /** Adds what only people read. */
    public Columns<T> cell(String heading, Function<T, String> value) {
        return add(heading, "", row -> orNone(value.apply(row)), row -> Optional.empty());
    }

    /** Adds a column whose cell is not simply its value. */
    public Columns<T> column(
            String heading, String member, Function<T, String> cell, Function<T, ? extends JsonNode> value) {
        return add(heading, member, row -> orNone(cell.apply(row)), row -> Optional.of(value.apply(row)));
    }

    private Columns<T> add(
            String heading, String member, Function<T, String> cell, Function<T, Optional<JsonNode>> value) {
        columns.add(new Column<>(heading, member, cell, value));
        return this;
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** The headings, from left to right. */
    public List<String> headings() {
        return columns.stream()
                .map(Column::heading)
                .filter(heading -> !heading.isEmpty())
                .toList();
    }

    /** A row's cells, by heading. */
    public Map<String, String> cells(T row) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (Column<T> column : columns) {
            if (!column.heading.isEmpty()) {
                cells.put(column.heading, column.cell.apply(row));
            }
        }
        return cells;
    }

    /** A row as JSON. */
    public ObjectNode json(T row) {
        ObjectNode json = Json.object();
        for (Column<T> column : columns) {
            if (!column.member.isEmpty()) {
                column.value.apply(row).ifPresent(value -> json.set(column.member, value));
            }
        }
        return json;
    }

    /** Rows as JSON. */
    public ArrayNode array(List<T> rows) {
        ArrayNode array = NODES.arrayNode();
        rows.forEach(row -> array.add(json(row)));
        return array;
    }

    /** Rows as a table. */
    public String table(List<T> rows) {
        TextTable table = new TextTable(headings());
        rows.forEach(row -> table.row(List.copyOf(cells(row).values())));
        return table.render();
    }
}
