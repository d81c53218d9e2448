package io.coordinator.testing;

import com.google.protobuf.Message;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.LocalNode;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.SideLinkListener;
import io.coordinator.client.internal.net.Transport;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How one client reaches a {@link MemoryNode}; the test can cut it. Unless it says any thread, it is for the loop. */
final class MemoryTransport implements Transport {
    private static final String CUT = "the test has disconnected this client";

    private final MemoryNode node;
    private final Loop loop;
    private final LocalNode.Client client;
    private final Set<MemoryLink> links = new HashSet<>();
    private final Set<MemorySideLink<?, ?>> sideLinks = new HashSet<>();
    private final Map<Long, CompletableFuture<?>> awaited = new HashMap<>();
    private long asked;
    private volatile @Nullable MemoryLink welcomed;
    /** Why nothing gets through; null if it does. */
    private volatile @Nullable String cut;

    private boolean closed;

    MemoryTransport(MemoryNode node, Loop loop, LocalNode.Client client) {
        this.node = node;
        this.loop = loop;
        this.client = client;
    }

    // ---- for the test, on any thread ----

    /** The session that a stream serves; 0 if none does. */
    long session() {
        MemoryLink latest = welcomed;
        return latest == null ? 0 : latest.session();
    }

    /** Cuts all streams, and lets none through until {@link #mend}. */
    void cut() {
        cut(CUT);
    }

    void mend() {
        cut = null;
    }

    /** Cuts all streams for good. */
    void endAll() {
        cut("the in-memory cluster is closed");
    }

    private void cut(String why) {
        cut = why;
        loop.run(() -> loseAll(why));
    }

    /** Completes when the client has dealt with all that has arrived by now, or is closed. */
    CompletableFuture<Void> dealtWith() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!loop.offer(() -> done.complete(null))) {
            done.complete(null);
        }
        return done;
    }

    /** Whether the callbacks of the client have returned. */
    boolean areCallbacksDone() {
        return client.areCallbacksDone();
    }

    /** Tells the client that cluster time will move. */
    CompletableFuture<Void> announce(long millis) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean told = loop.offer(() -> {
            client.clusterTimeMoves(millis);
            done.complete(null);
        });
        if (!told) {
            done.complete(null);
        }
        return done;
    }

    // ---- for links ----

    void welcomed(MemoryLink link) {
        welcomed = link;
    }

    void left(MemoryLink link) {
        links.remove(link);
    }

    void left(MemorySideLink<?, ?> link) {
        sideLinks.remove(link);
    }

    private void loseAll(String why) {
        List.copyOf(links).forEach(link -> link.lose(why));
        List.copyOf(sideLinks).forEach(link -> link.lose(why));
        List.copyOf(awaited.values())
                .forEach(answer -> answer.completeExceptionally(
                        Status.UNAVAILABLE.withDescription(why).asException()));
    }

    // ---- for the client ----

    @Override
    public Link open(String endpoint, LinkListener listener) {
        MemoryLink link = new MemoryLink(node, this, loop, listener);
        String why = cut;
        if (why != null) {
            loop.execute(() -> link.lose(why));
        } else {
            links.add(link);
            link.start();
        }
        return link;
    }

    @Override
    public <Q, A> SideLink<Q> openSide(String endpoint, MethodDescriptor<Q, A> method, SideLinkListener<A> listener) {
        MemorySideLink<Q, A> link = new MemorySideLink<>(
                node, this, loop, listener, node.exchanges().of(method));
        String why = cut;
        if (why != null) {
            loop.execute(() -> link.lose(why));
        } else {
            sideLinks.add(link);
            link.start();
        }
        return link;
    }

    /** There is nothing to keep between streams. */
    @Override
    public void disconnect(String endpoint) {}

    @Override
    public void keepOnly(String endpoint) {}

    @Override
    public boolean isKnown(String endpoint) {
        return true;
    }

    @Override
    public void lookUp(Collection<String> endpoints, Runnable news) {}

    @Override
    public List<String> expand(List<String> endpoints) {
        return endpoints;
    }

    @Override
    public <Q, A> CompletableFuture<A> ask(
            String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        if (!loop.tryRun(() -> ask(method, request, timeoutNanos, answer))) {
            answer.completeExceptionally(closedException());
        }
        return answer;
    }

    private <Q, A> void ask(MethodDescriptor<Q, A> method, Q request, long timeoutNanos, CompletableFuture<A> answer) {
        String why = cut;
        if (closed) {
            answer.completeExceptionally(closedException());
            return;
        } else if (why != null) {
            answer.completeExceptionally(Status.UNAVAILABLE.withDescription(why).asException());
            return;
        }
        long number = ++asked;
        awaited.put(number, answer);
        Loop.Timer timer =
                loop.schedule(() -> answer.completeExceptionally(Status.DEADLINE_EXCEEDED.asException()), timeoutNanos);
        var unused = answer.whenComplete((message, error) -> {
            awaited.remove(number);
            timer.cancel();
        });
        node.onNet(() -> carry(method, request, answer));
    }

    private <Q, A> void carry(MethodDescriptor<Q, A> method, Q request, CompletableFuture<A> answer) {
        var unused = node.ask(request)
                .whenComplete((reply, error) -> loop.run(() -> answered(method, reply, error, answer)));
    }

    private static <A> void answered(
            MethodDescriptor<?, A> method,
            @Nullable Message reply,
            @Nullable Throwable error,
            CompletableFuture<A> answer) {
        if (reply != null) {
            answer.complete(method.parseResponse(reply.toByteString().newInput()));
        } else {
            answer.completeExceptionally(Status.INTERNAL.withCause(error).asException());
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(links).forEach(MemoryLink::close);
        List.copyOf(sideLinks).forEach(MemorySideLink::close);
        List.copyOf(awaited.values()).forEach(answer -> answer.completeExceptionally(closedException()));
        node.left(this);
    }

    private static ClosedException closedException() {
        return new ClosedException("the client was closed before the node answered", true);
    }
}
