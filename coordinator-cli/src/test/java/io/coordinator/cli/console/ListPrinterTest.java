package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.TestConsole;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListPrinterTest {
    private static final Columns<Integer> COLUMNS = new Columns<Integer>()
            .number("NUMBER", "number", Integer::longValue)
            .text("TEXT", "text", number -> number == 3 ? "" : "a\nb");

    private final TestConsole console = new TestConsole();
    private int reads;

    /** The numbers up to one, ten in a page. */
    private void print(OutputFormat format, int count) {
        Console printed = console.console();
        new ListPrinter<>(printed, "numbers ls", format, COLUMNS, new ListOptions()).print(last -> {
            reads++;
            int from = last.orElse(0) + 1;
            int to = Math.min(count, from + 9);
            return new ListPrinter.Page<>(
                    IntStream.rangeClosed(from, to).boxed().toList(), to < count);
        });
    }

    @Test
    @Feature("U-18")
    void aTableEndsAtItsBoundAndSaysSo() {
        print(OutputFormat.table, 5_000);
        assertThat(console.outLines()).hasSize(ListPrinter.TABLE_ROWS_MAX + 1);
        assertThat(console.err()).hasLineCount(1).contains("the first 1000");
        assertThat(reads).isEqualTo(ListPrinter.TABLE_ROWS_MAX / 10);
    }

    @Test
    @Feature("U-18")
    void jsonIsWhole() {
        print(OutputFormat.json, 2_345);
        assertThat(Json.parse(console.out())).hasSize(2_345);
        print(OutputFormat.jsonl, 2_345);
        assertThat(console.outLines().subList(1, 2_346))
                .hasSize(2_345)
                .allSatisfy(line -> assertThat(Json.parse(line).isObject()).isTrue());
        assertThat(console.err()).isEmpty();
    }

    /** As the cluster cuts pages whose names are long. */
    @Test
    @Feature("U-18")
    void aListByNameGoesOnBehindPagesThatAreCut() {
        List<String> names =
                IntStream.range(0, 25).mapToObj("name-%02d"::formatted).toList();
        new ListPrinter<>(
                        console.console(),
                        "names ls",
                        OutputFormat.json,
                        new Columns<String>().text("NAME", "name", name -> name),
                        new ListOptions())
                .print(ListPrinter.byName(
                        name -> name,
                        (after, most) -> names.stream()
                                .filter(name -> name.compareTo(after) > 0)
                                .limit(Math.min(most, 7))
                                .toList()));
        assertThat(Json.parse(console.out()).findValuesAsText("name")).isEqualTo(names);
    }

    @Test
    void nothingIsAnEmptyList() {
        new ListPrinter<>(console.console(), "numbers ls", OutputFormat.json, COLUMNS, new ListOptions())
                .print(List.of());
        assertThat(console.out()).isEqualTo("[]\n");
    }

    @Test
    void aNameCanNeitherBreakATableNorBeMissed() {
        assertThat(COLUMNS.table(List.of(2, 3))).isEqualTo("NUMBER  TEXT\n2       a\\u000ab\n3       -\n");
    }

    @Test
    void kindsOfRowsShareTheirHeadings() {
        Columns<String> names = new Columns<String>().text("NAME", "name", name -> name);
        assertThat(new Sections()
                        .add("one", COLUMNS, List.of(3))
                        .add("two", names, List.of("x"))
                        .render())
                .isEqualTo("     NUMBER  TEXT  NAME\none  3       -     -\ntwo  -       -     x\n");
    }
}
