package io.coordinator.client.internal.codec;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.google.protobuf.ByteString;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.document.JsonText;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes only what comes back as it went in, whatever mapper drives it. A plain generator writes what JSON has no
 * number for as a string, and half of a surrogate pair as an escape that is no character.
 */
final class CheckedGenerator extends JsonGeneratorDelegate {
    CheckedGenerator(JsonGenerator plain) {
        super(plain, false);
    }

    // ---- numbers ----

    @Override
    public void writeNumber(double number) throws IOException {
        delegate.writeNumber(finite(number));
    }

    @Override
    public void writeNumber(float number) throws IOException {
        finite(number);
        delegate.writeNumber(number);
    }

    @Override
    public void writeNumber(String number) throws IOException {
        raw(number);
        delegate.writeNumber(number);
    }

    @Override
    public void writeNumber(char[] number, int offset, int length) throws IOException {
        writeNumber(new String(number, offset, length));
    }

    @Override
    public void writeArray(double[] numbers, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            finite(numbers[i]);
        }
        delegate.writeArray(numbers, offset, length);
    }

    private double finite(double number) throws IOException {
        if (!Double.isFinite(number)) {
            throw new JsonGenerationException(number + " is no number that JSON has", this);
        }
        return number;
    }

    // ---- texts ----

    @Override
    public void writeFieldName(String name) throws IOException {
        delegate.writeFieldName(wellFormed("the name of a member", name));
    }

    @Override
    public void writeFieldName(SerializableString name) throws IOException {
        wellFormed("the name of a member", name.getValue());
        delegate.writeFieldName(name);
    }

    @Override
    public void writeString(@Nullable String text) throws IOException {
        if (text == null) {
            delegate.writeNull();
        } else {
            delegate.writeString(wellFormed("a string", text));
        }
    }

    @Override
    public void writeString(char[] text, int offset, int length) throws IOException {
        writeString(new String(text, offset, length));
    }

    /** @param length negative if it is not known */
    @Override
    public void writeString(Reader reader, int length) throws IOException {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        writeString(text.toString());
    }

    @Override
    public void writeString(SerializableString text) throws IOException {
        wellFormed("a string", text.getValue());
        delegate.writeString(text);
    }

    @Override
    public void writeArray(String[] texts, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            wellFormed("a string", texts[i]);
        }
        delegate.writeArray(texts, offset, length);
    }

    private String wellFormed(String what, String text) throws IOException {
        int half = Text.half(text);
        if (half >= 0) {
            throw new JsonGenerationException(what + " has half of a surrogate pair at index " + half, this);
        }
        return text;
    }

    // ---- texts that are JSON already ----

    @Override
    public void writeRawValue(String json) throws IOException {
        raw(json);
        delegate.writeRawValue(json);
    }

    @Override
    public void writeRawValue(SerializableString json) throws IOException {
        raw(json.getValue());
        delegate.writeRawValue(json);
    }

    @Override
    public void writeRawValue(String json, int offset, int length) throws IOException {
        writeRawValue(json.substring(offset, offset + length));
    }

    @Override
    public void writeRawValue(char[] json, int offset, int length) throws IOException {
        writeRawValue(new String(json, offset, length));
    }

    private void raw(String json) throws IOException {
        String problem = JsonText.problem(ByteString.copyFromUtf8(wellFormed("JSON", json)));
        if (problem != null) {
            throw new JsonGenerationException("'" + shortened(json) + "' is not JSON: " + problem, this);
        }
    }

    private static String shortened(String json) {
        return json.length() <= 40 ? json : json.substring(0, 40) + "…";
    }
}
