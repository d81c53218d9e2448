package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Role;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one behaviour works with: connections to the cluster, chance, messages, and the time that it has. */
public final class Arena {
    /** Far above any sane message, so that messages of every size can be had. */
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private static final int GENERATED_BYTES_MAX = 256 << 10;
    private static final long STATUS_MILLIS_MAX = 2_000;
    private static final long LEADER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int CONNECT_MILLIS_MAX = 5_000;

    private final List<InetSocketAddress> addresses;
    private final Random random;
    private final MessageGenerator messages;
    private final Tally tally;
    private final CountDownLatch over;
    private final long endNanos;
    private final String behaviour;
    private @Nullable InetSocketAddress leader;
    private long leaderSinceNanos;

    Arena(
            List<InetSocketAddress> addresses,
            long seed,
            String behaviour,
            Tally tally,
            CountDownLatch over,
            long endNanos) {
        this.addresses = addresses;
        this.random = new Random(seed);
        this.messages = new MessageGenerator(seed, GENERATED_BYTES_MAX);
        this.behaviour = behaviour;
        this.tally = tally;
        this.over = over;
        this.endNanos = endNanos;
    }

    /** Whether there is time left. */
    public boolean goesOn() {
        return over.getCount() > 0 && System.nanoTime() - endNanos < 0;
    }

    /** Lets so much time pass, or less if it is over before. */
    public void pause(Duration time) throws InterruptedException {
        long left = Math.min(time.toNanos(), endNanos - System.nanoTime());
        if (over.await(left, TimeUnit.NANOSECONDS)) {
            count("ended early");
        }
    }

    public Random random() {
        return random;
    }

    public MessageGenerator messages() {
        return messages;
    }

    /** Counts something that happened to this behaviour. */
    public void count(String what) {
        tally.count(behaviour + ": " + what);
    }

    /** A TCP connection to any node. */
    public Socket socket() throws IOException {
        InetSocketAddress address = addresses.get(random.nextInt(addresses.size()));
        Socket socket = new Socket();
        try {
            socket.connect(address, CONNECT_MILLIS_MAX);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A gRPC connection of its own to the node that leads. */
    public ManagedChannel channel() throws IOException {
        return channel(leader());
    }

    private static ManagedChannel channel(InetSocketAddress address) {
        return Grpc.newChannelBuilder(
                        address.getHostString() + ":" + address.getPort(), InsecureChannelCredentials.create())
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    /** A stream of its own connection on the leader, on which nothing has been said. */
    public RawStream stream() throws IOException {
        return RawStream.open(channel());
    }

    /** A session that has been welcomed. */
    public HostileSession session() throws IOException, InterruptedException {
        return HostileSession.open(this, hello().build());
    }

    /** A Hello that asks for a new session. */
    public Hello.Builder hello() {
        byte[] secret = new byte[24];
        random.nextBytes(secret);
        return Hello.newBuilder()
                .setVersionMin(1)
                .setVersionMax(1)
                .setLeaseMillis(10_000)
                .setResumeToken(ByteString.copyFrom(secret))
                .setClientName("hostile " + behaviour);
    }

    /**
     * Who said not long ago that it leads; a behaviour that connects a thousand times need not ask a thousand times.
     */
    private InetSocketAddress leader() throws IOException {
        if (leader != null && System.nanoTime() - leaderSinceNanos < LEADER_NANOS) {
            return leader;
        }
        for (InetSocketAddress address : addresses) {
            if (leads(address)) {
                leader = address;
                leaderSinceNanos = System.nanoTime();
                return address;
            }
        }
        throw new IOException("no node of " + addresses + " says that it leads");
    }

    private boolean leads(InetSocketAddress address) {
        ManagedChannel channel = channel(address);
        try {
            NodeStatusReply status = CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(STATUS_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .nodeStatus(NodeStatusRequest.getDefaultInstance());
            return status.getRole() == Role.LEADER && status.getServing();
        } catch (StatusRuntimeException e) {
            count("status " + e.getStatus().getCode());
            return false;
        } finally {
            channel.shutdownNow();
        }
    }
}
