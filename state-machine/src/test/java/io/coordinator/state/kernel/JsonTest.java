package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.document.JsonText;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void onlyUtf8IsJsonHere(String charset) {
        ByteString text = ByteString.copyFrom("{\"a\":1}", Charset.forName(charset));
        assertThat(Json.problem(text)).isNotNull();
        assertThat(JsonText.parseIfValid(text)).isNull();
    }

    @Test
    void invalidUtf8IsNotJson() {
        ByteString text = ByteString.copyFrom(new byte[] {'"', (byte) 0xC3, '"'});
        assertThat(Json.problem(text)).contains("UTF-8");
        assertThat(JsonText.parseIfValid(text)).isNull();
    }

    @Test
    void duplicateNamesAreAllowed() {
        assertThat(Json.problem(ByteString.copyFromUtf8("{\"a\":1,\"a\":2}"))).isNull();
    }

    @Test
    void absurdExponentsAreNoReasonToFail() {
        for (String number : new String[] {"1e999999999", "1e-999999999", "1e99999999999999999999", "-0e0"}) {
            ByteString text = ByteString.copyFromUtf8(number);
            assertThat(Json.problem(text)).as(number).isNull();
            JsonText.parseIfValid(text);
        }
    }

    @Test
    void whatParsesIsWhatIsAdmittedAndNothingThrows() {
        Random random = Seeds.random("JsonTest");
        String alphabet = "{}[]\",:0123456789.eE+-truefalsnu\\ \u0000\u00E9\t";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(8) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ByteString json = ByteString.copyFrom(bytes);
            if (JsonText.parseIfValid(json) != null) {
                assertThat(Json.problem(json)).as("%s", text).isNull();
            }
        }
    }
}
