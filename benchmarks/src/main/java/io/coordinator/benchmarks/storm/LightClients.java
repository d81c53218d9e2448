package io.coordinator.benchmarks.storm;

import com.google.protobuf.ByteString;
import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Clients that speak the raw protocol, a hundred on each connection: they keep their session alive, resume it on the
 * next node when their stream ends, and stay where they were heard. One thread runs them all.
 */
final class LightClients implements StormProcess.Clients {
    private static final int PER_CONNECTION = 100;
    private static final int TOKEN_BYTES = 16;
    private static final long LEASE_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 200;
    private static final int AT_ONCE = 500;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<String> endpoints;
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "light-clients"));
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final List<Client> clients = new ArrayList<>();

    private LightClients(String endpoints) {
        this.endpoints = List.of(endpoints.split(",", -1));
    }

    /** Connects them, some hundred at once. */
    static LightClients connect(String endpoints, int count) throws InterruptedException {
        LightClients all = new LightClients(endpoints);
        for (int i = 0; i < count; i++) {
            Client client = all.new Client(i);
            all.clients.add(client);
            all.loop.execute(() -> client.seek(""));
            while (all.clients.stream().filter(each -> !each.isReady()).count() > AT_ONCE) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        while (!all.clients.stream().allMatch(Client::isReady)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return all;
    }

    @Override
    public void watch() {
        clients.forEach(client -> client.back = false);
    }

    @Override
    public int missing() {
        return (int) clients.stream().filter(client -> !client.back).count();
    }

    @Override
    public int sessionsLost() {
        return (int) clients.stream().filter(client -> client.lost).count();
    }

    /** A lock lives as long as its session. */
    @Override
    public int locksLost() {
        return sessionsLost();
    }

    @Override
    public void close() {
        loop.shutdownNow();
        channels.values().forEach(ManagedChannel::shutdownNow);
    }

    private ManagedChannel channel(String endpoint, int client) {
        return channels.computeIfAbsent(
                client / PER_CONNECTION + "@" + endpoint,
                name -> Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
                        .directExecutor()
                        .build());
    }

    /** One client; lives on the loop. */
    private final class Client {
        private final int number;
        private final ByteString token;
        private int tried;
        private int stream;
        private long session;
        private int replies;
        private ClientCall<ClientFrame, ServerFrame> call;
        private volatile boolean ready;
        private volatile boolean back;
        private volatile boolean lost;

        Client(int number) {
            this.number = number;
            byte[] bytes = new byte[TOKEN_BYTES];
            RANDOM.nextBytes(bytes);
            this.token = ByteString.copyFrom(bytes);
            this.tried = number;
            this.call = newCall(endpoints.get(0));
        }

        boolean isReady() {
            return ready;
        }

        private ClientCall<ClientFrame, ServerFrame> newCall(String endpoint) {
            return channel(endpoint, number).newCall(CoordinatorServiceGrpc.getSessionMethod(), CallOptions.DEFAULT);
        }

        /** @param hint the leader's address, or empty */
        void seek(String hint) {
            tried++;
            int own = ++stream;
            call = newCall(hint.isEmpty() ? endpoints.get(tried % endpoints.size()) : hint);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(ServerFrame frame) {
                            loop.execute(() -> received(own, frame));
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            loop.execute(() -> ended(own, ""));
                        }
                    },
                    new Metadata());
            call.request(Integer.MAX_VALUE);
            call.sendMessage(ClientFrame.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setVersionMin(1)
                            .setVersionMax(1)
                            .setCluster(CoordinatorServers.NAME)
                            .setSessionId(session)
                            .setResumeToken(token)
                            .setLeaseMillis(LEASE_MILLIS)
                            .setClientName("light"))
                    .build());
        }

        private void received(int own, ServerFrame frame) {
            if (own != stream) {
                return;
            }
            if (frame.hasGoodbye()) {
                lost |= frame.getGoodbye().getCode() == ErrorCode.ESESSION;
                ended(own, frame.getGoodbye().getLeaderAddress());
            } else {
                if (frame.hasWelcome()) {
                    welcome(own, frame.getWelcome());
                }
                replies += frame.getRepliesCount();
                ready |= replies >= 2;
            }
        }

        private void welcome(int own, Welcome welcome) {
            back = true;
            session = welcome.getSessionId();
            call.sendMessage(ClientFrame.newBuilder()
                    .addCommands(lock(1, "own-" + number, 0))
                    .addCommands(lock(2, Storm.WANTED, -1))
                    .build());
            keepAlive(own);
        }

        private Command lock(long seq, String name, long waitMillis) {
            return Command.newBuilder()
                    .setSessionId(session)
                    .setSeq(seq)
                    .setLock(LockCommand.newBuilder()
                            .setNamespace("default")
                            .addNames(name)
                            .setAcquire(AcquireLock.newBuilder().setWaitMillis(waitMillis)))
                    .build();
        }

        private void keepAlive(int own) {
            if (own == stream) {
                call.sendMessage(ClientFrame.newBuilder()
                        .setKeepAlive(KeepAlive.newBuilder().setId(own))
                        .build());
                long pause = (long) (LEASE_MILLIS
                        / 3.0
                        * (0.85 + 0.15 * ThreadLocalRandom.current().nextDouble()));
                var unused = loop.schedule(() -> keepAlive(own), pause, TimeUnit.MILLISECONDS);
            }
        }

        private void ended(int own, String hint) {
            if (own == stream) {
                stream++;
                long pause = hint.isEmpty() ? ThreadLocalRandom.current().nextLong(PAUSE_MILLIS) : 0;
                var unused = loop.schedule(() -> seek(hint), pause, TimeUnit.MILLISECONDS);
            }
        }
    }
}
