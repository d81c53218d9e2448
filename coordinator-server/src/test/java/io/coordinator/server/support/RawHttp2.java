package io.coordinator.server.support;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that speaks HTTP/2 as far as needed. */
public final class RawHttp2 implements AutoCloseable {
    private static final int PIECE = 16 << 10;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GO_AWAY = 7;
    private static final int END_HEADERS = 4;
    private static final int CANCEL = 8;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    public RawHttp2(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(20_000);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** Begins a call of the method Session. */
    public void begin(int stream) throws IOException {
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

    /** The next piece of a message of so many bytes, its head included. */
    public void piece(int stream, int bytes, boolean first) throws IOException {
        byte[] piece = new byte[PIECE];
        if (first) {
            piece[1] = (byte) ((bytes - 1) >> 24);
            piece[2] = (byte) ((bytes - 1) >> 16);
            piece[3] = (byte) ((bytes - 1) >> 8);
            piece[4] = (byte) (bytes - 1);
        }
        frame(DATA, 0, stream, piece);
    }

    /** Takes a call back. */
    public void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
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
    public int told(String words) throws IOException {
        return next(DATA, words).stream();
    }

    /** Waits until the connection is ended, for a reason with those words. */
    public void awaitEnd(String words) throws IOException {
        next(GO_AWAY, words);
    }

    private Frame next(int type, String words) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type() == type && frame.text().contains(words)) {
                return frame;
            }
        }
    }

    private Frame read() throws IOException {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        return new Frame(type, in.readInt(), new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private record Frame(int type, int stream, String text) {}

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
