package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void nothingTellsATerminalWhatToDo() {
        assertThat(Printable.lines("a\tb\n\u001b[31mred\u009b0m\r\0\n\n")).isEqualTo("a\tb\n?[31mred?0m??");
        assertThat(Printable.lines("\u00e4\ud83d\ude80")).isEqualTo("\u00e4\ud83d\ude80");
    }

    @Test
    void ofALongTextTheBeginningIsShownInOneLine() {
        assertThat(Printable.brief(" a\n\n b\t")).isEqualTo("a b");
        assertThat(Printable.brief("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Printable.brief("\ud83d\ude80".repeat(101))).isEqualTo("\ud83d\ude80".repeat(100) + "\u2026");
    }
}
