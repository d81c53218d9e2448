package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes protobuf by hand. */
final class Wire {
    private static final int HEADER_BYTES_MAX = 16;

    private Wire() {}

    /** A field that holds these bytes: as they are, as a string, or as a message. */
    static ByteString field(int number, ByteString content) {
        ByteString.Output bytes = ByteString.newOutput(content.size() + HEADER_BYTES_MAX);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeBytes(number, content);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be written", e);
        }
        return bytes.toByteString();
    }
}
