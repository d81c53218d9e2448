package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SessionCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A session of the raw protocol that keeps its numbers straight, so that its commands reach the state machine. Counts
 * what comes back. Not thread-safe.
 */
public final class HostileSession implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW = 512;
    private static final int FRAME_BYTES = 512 << 10;

    private final Arena arena;
    private final RawStream stream;
    private final long id;
    /** Sent and not answered, by seq. */
    private final SortedMap<Long, Command> unanswered = new TreeMap<>();

    private long lastSeq;
    private long lastEvent;
    private boolean told;
    private boolean disordered;

    private HostileSession(Arena arena, RawStream stream, long id) {
        this.arena = arena;
        this.stream = stream;
        this.id = id;
    }

    /**
     * Opens a stream with this Hello.
     *
     * @throws IOException if it is not welcomed
     */
    public static HostileSession open(Arena arena, Hello hello) throws IOException, InterruptedException {
        RawStream stream = arena.stream().request(64);
        stream.push(ClientFrame.newBuilder().setHello(hello).build().toByteString());
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (arena.goesOn() && stream.end().isEmpty() && System.nanoTime() - endNanos < 0) {
            Optional<ServerFrame> frame = stream.next(POLL);
            if (frame.isPresent() && frame.get().hasWelcome()) {
                return new HostileSession(
                        arena, stream, frame.get().getWelcome().getSessionId());
            }
            if (frame.isPresent() && frame.get().hasGoodbye()) {
                ErrorCode code = frame.get().getGoodbye().getCode();
                arena.count("goodbye " + code);
                stream.close();
                throw new IOException("not welcome: " + code);
            }
        }
        stream.close();
        throw new IOException(
                "no Welcome came" + stream.end().map(end -> ": " + end).orElse(""));
    }

    public long id() {
        return id;
    }

    public RawStream stream() {
        return stream;
    }

    /** Whether the stream is still there and there is time left. */
    public boolean goesOn() {
        return arena.goesOn() && !told && stream.end().isEmpty();
    }

    /** Gives a body the next number of this session, and says that all answered before is known. */
    public Command number(Command.Builder body) {
        lastSeq++;
        return body.setSessionId(id)
                .setSeq(lastSeq)
                .setAckedSeq(unanswered.isEmpty() ? lastSeq - 1 : unanswered.firstKey() - 1)
                .setAckedEvent(lastEvent)
                .build();
    }

    /** Sends one command and waits for its reply; empty if none comes. */
    public Optional<Reply> ask(Command.Builder body) throws InterruptedException {
        List<Reply> replies = new ArrayList<>();
        sendAll(List.of(body).iterator(), replies::add);
        return replies.stream().findFirst();
    }

    /** Sends commands as fast as they are answered; false if the stream or the time ended before. */
    public boolean sendAll(Iterator<Command.Builder> bodies) throws InterruptedException {
        return sendAll(bodies, reply -> {});
    }

    private boolean sendAll(Iterator<Command.Builder> bodies, Consumer<Reply> to) throws InterruptedException {
        while (goesOn() && (bodies.hasNext() || !unanswered.isEmpty())) {
            List<Command> frame = new ArrayList<>();
            int bytes = 0;
            while (bodies.hasNext() && unanswered.size() < WINDOW && bytes < FRAME_BYTES) {
                Command command = number(bodies.next());
                unanswered.put(command.getSeq(), command);
                frame.add(command);
                bytes += command.getSerializedSize();
            }
            if (!frame.isEmpty() && !send(frame)) {
                return false;
            }
            receive(to);
            if (disordered) {
                disordered = false;
                arena.pause(Duration.ofMillis(50));
                if (!send(List.copyOf(unanswered.values()))) {
                    return false;
                }
            }
        }
        return unanswered.isEmpty() && !bodies.hasNext();
    }

    private boolean send(List<Command> commands) throws InterruptedException {
        return stream.send(
                ClientFrame.newBuilder().addAllCommands(commands).build().toByteString(), PATIENCE);
    }

    /** Asks something; the answer is counted when {@link #drain} meets it. */
    public boolean query(Query query) throws InterruptedException {
        return stream.send(ClientFrame.newBuilder().addQueries(query).build().toByteString(), POLL);
    }

    /** Sends a frame as it is, with room or without. */
    public boolean send(ByteString frame) throws InterruptedException {
        return stream.send(frame, POLL);
    }

    /** Takes in what has come so far. */
    public void drain() throws InterruptedException {
        Optional<ServerFrame> frame = stream.next(Duration.ZERO);
        while (frame.isPresent()) {
            stream.request(1);
            take(frame.get(), reply -> {});
            frame = stream.next(Duration.ZERO);
        }
    }

    private void receive(Consumer<Reply> to) throws InterruptedException {
        Optional<ServerFrame> frame = stream.next(POLL);
        if (frame.isPresent()) {
            stream.request(1);
            take(frame.get(), to);
        } else {
            keepAlive();
        }
    }

    /** Keeps the session alive. */
    public void keepAlive() {
        stream.push(ClientFrame.newBuilder()
                .setKeepAlive(KeepAlive.newBuilder().setId(1))
                .build()
                .toByteString());
    }

    private void take(ServerFrame frame, Consumer<Reply> to) {
        for (Reply reply : frame.getRepliesList()) {
            ErrorCode code = reply.getError().getCode();
            arena.count("reply " + (reply.hasError() ? code : "OK"));
            if (code == ErrorCode.EBUSY || code == ErrorCode.EOUTOFORDER) {
                disordered = true;
            } else if (unanswered.remove(reply.getSeq()) != null) {
                to.accept(reply);
            }
        }
        frame.getAnswersList()
                .forEach(answer -> arena.count("answer "
                        + (answer.hasError() ? answer.getError().getCode().toString() : "OK")));
        for (Event event : frame.getEventsList()) {
            lastEvent = Math.max(lastEvent, event.getNumber());
        }
        if (frame.hasGoodbye()) {
            told = true;
            arena.count("goodbye " + frame.getGoodbye().getCode());
        }
    }

    /** Ends the session itself, with all that it holds. */
    public void end() throws InterruptedException {
        Command.Builder close = Command.newBuilder();
        close.setSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()));
        if (ask(close).isEmpty()) {
            arena.count("end not answered");
        }
    }

    /** Breaks the stream off; the session lives on until its lease ends. */
    @Override
    public void close() {
        stream.end().ifPresent(status -> arena.count("stream ended " + status.getCode()));
        stream.close();
    }
}
