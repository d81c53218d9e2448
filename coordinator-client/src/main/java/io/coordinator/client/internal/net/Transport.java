package io.coordinator.client.internal.net;

import io.grpc.MethodDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reaches nodes. Used on the loop, except {@link #ask}. */
public interface Transport extends AutoCloseable {
    /**
     * Opens a stream to a node; failure is told to the listener.
     *
     * @param endpoint {@code host:port}
     */
    Link open(String endpoint, LinkListener listener);

    /**
     * Opens a stream beside that of the session, on a connection of its own that ends with it; failure is told to the
     * listener.
     *
     * @param endpoint {@code host:port}
     */
    <Q, A> SideLink<Q> openSide(String endpoint, MethodDescriptor<Q, A> method, SideLinkListener<A> listener);

    /** Forgets the connection to a node, so that the next stream makes a new one. */
    void disconnect(String endpoint);

    /** Closes the connections to all other nodes. */
    void keepOnly(String endpoint);

    /** Whether to open a stream to a node has to wait for no name service. */
    boolean isKnown(String endpoint);

    /**
     * Looks up the host names among these endpoints; what they were known to stand for stays so meanwhile.
     *
     * @param news runs on the loop whenever one of them has been looked up
     */
    void lookUp(Collection<String> endpoints, Runnable news);

    /** The same endpoints with each host name that is known to have several addresses replaced by them. */
    List<String> expand(List<String> endpoints);

    /**
     * Makes one unary call on a connection of its own.
     *
     * @return the answer, completed on the loop; fails with a {@link io.grpc.StatusException}, or with a
     *     {@link io.coordinator.client.error.CoordinatorException} if the node refuses it or the client is closed
     */
    <Q, A> CompletableFuture<A> ask(String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos);

    @Override
    void close();
}
