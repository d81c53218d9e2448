package io.coordinator.testing.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Ways to misbehave below gRPC, on bare sockets. */
public final class RawSockets {
    private static final Duration HELD = Duration.ofSeconds(10);
    private static final int GARBAGE_BYTES_MAX = 4_096;

    /** The preface of HTTP/2 and an empty SETTINGS frame: a connection that is up and does nothing. */
    private static final byte[] GREETING = concat(
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1),
            HexFormat.of().parseHex("000000040000000000"));

    /** HEADERS of a stream, of which only the first bytes come. */
    private static final byte[] HALF_A_HEADER = concat(GREETING, HexFormat.of().parseHex("00004001040000000183864188"));

    private static final List<String> OPENINGS = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0",
            "HRPC\t\0\0\0",
            "\r\n\r\n");

    private RawSockets() {}

    /** All of them, with counts that one machine can be asked to bear. */
    public static List<Behaviour> all() {
        return List.of(garbage(100), silent(500), halfOpen(200), idle(1_000));
    }

    /** Bytes that are no HTTP/2, or stop being it. */
    public static Behaviour garbage(int count) {
        return Behaviour.of("garbage", arena -> {
            for (int i = 0; i < count && arena.goesOn(); i++) {
                try (Socket socket = arena.socket()) {
                    socket.getOutputStream().write(garbage(arena));
                    arena.count("written");
                }
            }
        });
    }

    private static byte[] garbage(Arena arena) {
        int choice = arena.random().nextInt(OPENINGS.size() + 2);
        if (choice < OPENINGS.size()) {
            return OPENINGS.get(choice).getBytes(ISO_8859_1);
        }
        byte[] any = new byte[arena.random().nextInt(1, GARBAGE_BYTES_MAX)];
        arena.random().nextBytes(any);
        return choice == OPENINGS.size() ? any : concat(GREETING, any);
    }

    /** Connections that say nothing. */
    public static Behaviour silent(int count) {
        return hold("silent", count, new byte[0], false);
    }

    /** Connections that begin a call, end their own direction and stay. */
    public static Behaviour halfOpen(int count) {
        return hold("half-open", count, HALF_A_HEADER, true);
    }

    /** Connections of HTTP/2 that do nothing. */
    public static Behaviour idle(int count) {
        return hold("idle", count, GREETING, false);
    }

    private static Behaviour hold(String name, int count, byte[] first, boolean half) {
        return Behaviour.of(name, arena -> {
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i < count && arena.goesOn(); i++) {
                    Socket socket = arena.socket();
                    held.add(socket);
                    socket.getOutputStream().write(first);
                    if (half) {
                        socket.shutdownOutput();
                    }
                    arena.count("connected");
                }
                arena.pause(HELD);
            } finally {
                close(held);
            }
        });
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = new byte[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
