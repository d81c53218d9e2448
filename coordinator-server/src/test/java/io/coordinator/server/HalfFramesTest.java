package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose first frame never arrives in full, by hand, because no client of gRPC sends half a message. */
class HalfFramesTest {
    private static final int FRAME_BYTES = 12 << 20;
    private static final int PIECE = 16 << 10;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private TestNodes node() throws StartupException {
        return new TestNodes(directory, 1)
                .with(config -> config.set(Keys.OUTGOING_BYTES_MAX, 8 << 20))
                .startAll();
    }

    @Test
    @Feature("C-04")
    void manyOfThemMakeRoomForEachOther() throws Exception {
        try (TestNodes nodes = node();
                Http2 hostile = new Http2(nodes.leaderAddress())) {
            for (int i = 0; i < 200; i++) {
                int stream = 2 * i + 1;
                hostile.begin(stream);
                hostile.piece(stream, true);
            }
            Set<Integer> ended = new TreeSet<>();
            while (ended.size() < 136) {
                ended.add(hostile.told("this one has taken longest"));
            }
            assertThat(ended).as("the oldest").contains(1, 3, 5).doesNotContain(399);
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
            }
        }
    }

    @Test
    @Feature("C-04")
    void oneThatIsNoHelloIsToldSoBeforeItHasArrived() throws Exception {
        try (TestNodes nodes = node();
                Http2 hostile = new Http2(nodes.leaderAddress())) {
            hostile.begin(1);
            for (int i = 0; i < 5; i++) {
                hostile.piece(1, i == 0);
            }
            assertThat(hostile.told("the first frame has more than 65536 bytes"))
                    .isEqualTo(1);
        }
    }

    /** A connection that speaks HTTP/2 as far as needed. */
    private static final class Http2 implements AutoCloseable {
        private static final int DATA = 0;
        private static final int HEADERS = 1;
        private static final int SETTINGS = 4;
        private static final int END_HEADERS = 4;

        private final Socket socket;
        private final DataOutputStream out;
        private final DataInputStream in;

        Http2(String address) throws IOException {
            int colon = address.lastIndexOf(':');
            socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setSoTimeout(20_000);
            out = new DataOutputStream(socket.getOutputStream());
            in = new DataInputStream(socket.getInputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(SETTINGS, 0, 0, new byte[0]);
        }

        /** Begins a call of the method Session. */
        void begin(int stream) throws IOException {
            ByteArrayOutputStream headers = new ByteArrayOutputStream();
            headers.write(0x83); // :method POST
            headers.write(0x86); // :scheme http
            headers.write(0x01); // :authority
            text(headers, "localhost");
            headers.write(0x04); // :path
            text(headers, "/coordinator.v1.CoordinatorService/Session");
            headers.write(0x0f); // content-type
            headers.write(0x10);
            text(headers, "application/grpc");
            headers.write(0x00);
            text(headers, "te");
            text(headers, "trailers");
            frame(HEADERS, END_HEADERS, stream, headers.toByteArray());
        }

        private static void text(ByteArrayOutputStream headers, String text) {
            headers.write(text.length());
            headers.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** The next piece of a message as large as they may be. */
        void piece(int stream, boolean first) throws IOException {
            byte[] piece = new byte[PIECE];
            if (first) {
                piece[1] = (byte) ((FRAME_BYTES - 1) >> 24);
                piece[2] = (byte) ((FRAME_BYTES - 1) >> 16);
                piece[3] = (byte) ((FRAME_BYTES - 1) >> 8);
                piece[4] = (byte) (FRAME_BYTES - 1);
            }
            frame(DATA, 0, stream, piece);
        }

        private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
            out.writeByte(payload.length >> 16);
            out.writeShort(payload.length);
            out.writeByte(type);
            out.writeByte(flags);
            out.writeInt(stream);
            out.write(payload);
            out.flush();
        }

        /** The next stream that is told something with those words. */
        int told(String words) throws IOException {
            while (true) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == DATA && new String(payload, StandardCharsets.ISO_8859_1).contains(words)) {
                    return stream;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
