package io.coordinator.client;

import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.CountedExecutor;
import io.coordinator.client.internal.async.Dispatcher;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Threads;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.async.UserExecutor;
import io.coordinator.client.internal.net.GrpcTransport;
import io.coordinator.client.internal.net.HostNames;
import io.coordinator.client.internal.net.LocalNode;
import io.coordinator.client.internal.net.LocalNodes;
import io.coordinator.client.internal.net.NettyLoop;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.ConnectionStates;
import io.coordinator.client.internal.session.SessionChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What a client runs on: its threads, its transport, and its session. */
final class Engine {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final NettyLoop loop;
    private final Transport transport;
    private final Dispatcher dispatcher;
    private final ExecutorService work;
    private final ThreadPoolExecutor listenerThread;
    private final CountedExecutor listeners;
    private final ConnectionStates states;
    private final SessionChannel channel;
    private final Executor callbacks;
    private final Executor worker;

    Engine(ClientConfig config, HostNames.Resolver resolver) {
        Threads threads = new Threads(config.clientName());
        loop = new NettyLoop(threads.named("io"));
        dispatcher = new Dispatcher(threads.named("callback"));
        work = Executors.newCachedThreadPool(threads.named("work"));
        transport = LocalNodes.among(config.endpoints())
                .map(node -> node.connect(loop, new OfLocalNode()))
                .orElseGet(() -> overNetwork(config, resolver));
        listenerThread = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads.named("listener"));
        listenerThread.allowCoreThreadTimeOut(true);
        listeners = new CountedExecutor(listenerThread);
        states = new ConnectionStates(listeners);
        channel = new SessionChannel(config.session(), loop, transport, states);
        callbacks = config.callbackExecutor()
                .<Executor>map(users -> new UserExecutor(users, dispatcher))
                .orElse(dispatcher);
        worker = config.workExecutor()
                .map(users -> new UserExecutor(users, dispatcher))
                .orElseGet(() -> new UserExecutor(work, Runnable::run));
    }

    private Transport overNetwork(ClientConfig config, HostNames.Resolver resolver) {
        return new GrpcTransport(
                loop,
                config.connectTimeout(),
                config.authToken(),
                config.addressTranslator(),
                new UserExecutor(work, Runnable::run),
                new HostNames(work, resolver));
    }

    private final class OfLocalNode implements LocalNode.Client {
        @Override
        public boolean areCallbacksDone() {
            return dispatcher.isIdle() && listeners.isIdle();
        }

        @Override
        public void clusterTimeMoves(long millis) {
            channel.clock().moved(millis);
        }
    }

    NettyLoop loop() {
        return loop;
    }

    Transport transport() {
        return transport;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    ConnectionStates states() {
        return states;
    }

    SessionChannel channel() {
        return channel;
    }

    /** Runs listeners, and what depends on stages. */
    Executor callbacks() {
        return callbacks;
    }

    /** Runs functions that may take long. */
    Executor worker() {
        return worker;
    }

    /** Connects, and returns when a session is open. Stops if that fails. */
    void start(Duration patience) {
        boolean connected = false;
        try {
            awaitFirstSession(patience);
            connected = true;
        } finally {
            if (!connected) {
                close();
            }
        }
    }

    private void awaitFirstSession(Duration patience) {
        Promise<Boolean> opened = channel.start();
        if (!Await.briefly(opened, patience)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CoordinatorInterruptedException(
                        "interrupted while connecting", new InterruptedException("while connecting"));
            }
            throw channel.problem("no session within " + Times.millis(patience) + " ms");
        }
        Await.result(opened);
    }

    /** Closes the session, waiting a little for the answer, and ends the threads. Idempotent. */
    void close() {
        Await.closing(channel.close(), CLOSE_PATIENCE);
        loop.run(transport::close);
        loop.close();
        dispatcher.close();
        work.shutdown();
        listenerThread.shutdown();
    }
}
