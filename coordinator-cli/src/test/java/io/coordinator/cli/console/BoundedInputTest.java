package io.coordinator.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedInputTest {
    @Test
    void standardInputWithoutAnEndIsRefused() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return '1';
            }

            @Override
            public int read(byte[] into, int from, int count) {
                return count;
            }
        };
        Console console = new Console(endless, nowhere(), nowhere(), Map.of(), false, false, false);
        assertThatThrownBy(() -> BoundedInput.argument("-", console))
                .isInstanceOf(CliException.class)
                .hasMessage("standard input has more than 16777216 bytes, which no value may have; send less");
        assertThat(BoundedInput.argument("1", console)).isEqualTo("1");
    }

    @Test
    void aLineWithoutAnEndIsRefused() {
        Reader endless = new Reader() {
            @Override
            public int read() {
                return '1';
            }

            @Override
            public int read(char[] into, int from, int count) {
                return count;
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> BoundedInput.line(endless))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("a line of standard input has more than 16777216 characters");
    }

    @Test
    void linesEndAsInEveryShell() throws Exception {
        Reader text = new StringReader("one\r\n\n\rtwo");
        assertThat(BoundedInput.line(text)).isEqualTo("one");
        assertThat(BoundedInput.line(text)).isEmpty();
        assertThat(BoundedInput.line(text)).isEqualTo("\rtwo");
        assertThat(BoundedInput.line(text)).isNull();
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    }
}
