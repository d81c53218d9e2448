package io.coordinator.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class DataStreamTest {
    private static DataStream failing(String why) {
        DataStream data = new DataStream(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(why);
            }
        });
        new PrintStream(data, true, UTF_8).println("lost");
        return data;
    }

    @Test
    void aFullDiskIsAFailureAndAReaderThatHasHadEnoughIsNone() {
        assertThat(failing("No space left on device").failure()).isPresent();
        assertThat(failing("Broken pipe").failure()).isEmpty();
    }

    @Test
    void whatIsWrittenPassesThrough() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        DataStream data = new DataStream(written);
        new PrintStream(data, true, UTF_8).print("\u00e4b");
        assertThat(written.toString(UTF_8)).isEqualTo("\u00e4b");
        assertThat(data.failure()).isEmpty();
    }
}
