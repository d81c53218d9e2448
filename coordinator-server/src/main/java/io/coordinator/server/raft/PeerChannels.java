package io.coordinator.server.raft;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.util.MemoizedSupplier;
import org.apache.ratis.util.PeerProxyMap;
import org.apache.ratis.util.function.CheckedFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts interceptors on the channels that one Ratis server builds to its peers.
 *
 * <p>Ratis 3.3.0 has no hook for that. gRPC has one for all channels of a process
 * ({@code InternalConfiguratorRegistry}); which server a channel is built for is known by the thread: the map of peers
 * builds them, and is replaced here by one that notes the interceptors while it does. That needs three private fields
 * of Ratis, none of them changed if final. If a later version has no such fields, the node does not start, and says so,
 * rather than run without showing its token, or vote before its disk has the vote.
 */
final class PeerChannels {
    /** The interceptors for the channels that this thread is building. */
    private static final ThreadLocal<@Nullable List<ClientInterceptor>> BUILDING = new ThreadLocal<>();

    static {
        InternalConfiguratorRegistry.setConfigurators(List.of(new InternalConfigurator() {
            @Override
            public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
                List<ClientInterceptor> interceptors = BUILDING.get();
                if (interceptors != null) {
                    builder.intercept(interceptors);
                }
            }
        }));
    }

    private PeerChannels() {}

    /**
     * Has every channel that the server builds from now on go through the interceptors. To be called before it starts.
     *
     * @param peers the members, this one among them or not
     * @param disks the id of a peer's disk, by its name; empty if that is not known
     * @param addresses where a peer is, by its name; empty for where it was when it came into the group
     * @throws IllegalStateException if this version of Ratis is built differently
     */
    static void intercept(
            RaftServer server,
            List<RaftPeer> peers,
            List<ClientInterceptor> interceptors,
            Function<String, String> addresses,
            Function<String, String> disks) {
        try {
            RaftServerRpcWithProxy<?, ?> rpc = (RaftServerRpcWithProxy<?, ?>) server.getServerRpc();
            PeerProxyMap<Closeable> intercepted = intercepted(rpc.getProxies(), interceptors, addresses, disks);
            replaceProxies(rpc, intercepted);
            intercepted.addRaftPeers(peers.stream()
                    .filter(peer -> !peer.getId().equals(server.getId()))
                    .toList());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this version of Ratis builds its channels in another way than 3.3.0, so they cannot carry the"
                            + " peer-token and votes would leave before they are on the disk; PeerChannels must be adapted",
                    e);
        }
    }

    private static PeerProxyMap<Closeable> intercepted(
            PeerProxyMap<?> original,
            List<ClientInterceptor> interceptors,
            Function<String, String> addresses,
            Function<String, String> disks)
            throws ReflectiveOperationException {
        @SuppressWarnings("unchecked") // the field's own type, but for what the proxies are
        var factory = (CheckedFunction<RaftPeer, ? extends Closeable, IOException>)
                read(PeerProxyMap.class, "createProxy", original);
        return new PeerProxyMap<>(original.getName(), peer -> {
            List<ClientInterceptor> all = new ArrayList<>(interceptors);
            all.add(NewcomerGate.addressedTo(peer.getId().toString(), disks));
            BUILDING.set(all);
            try {
                return factory.apply(placed(peer, addresses));
            } finally {
                BUILDING.remove();
            }
        });
    }

    /** The peer at the address where it is by now: Ratis keeps the one with which it came into the group. */
    private static RaftPeer placed(RaftPeer peer, Function<String, String> addresses) {
        String address = addresses.apply(peer.getId().toString());
        return address.isEmpty()
                ? peer
                : RaftPeer.newBuilder(peer).setAddress(address).build();
    }

    /** The map is kept in a supplier that makes it at its first use and remembers it in a field that is not final. */
    private static void replaceProxies(RaftServerRpcWithProxy<?, ?> rpc, PeerProxyMap<Closeable> replacement)
            throws ReflectiveOperationException {
        Object supplier = read(RaftServerRpcWithProxy.class, "proxiesSupplier", rpc);
        Field value = MemoizedSupplier.class.getSuperclass().getDeclaredField("value");
        value.setAccessible(true);
        value.set(supplier, replacement);
        if (rpc.getProxies() != replacement) {
            throw new NoSuchFieldException("the map of peers is kept somewhere else");
        }
    }

    private static Object read(Class<?> type, String name, Object owner) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(owner), name);
    }
}
