package io.coordinator.client.internal.net;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells one channel where its host is: at once where it was found before, and again when it has been looked up, which
 * moves an attempt that is under way. Lives on the loop.
 */
final class HostResolver extends NameResolver {
    /** What channels are made for; the name itself is in here. */
    static final String TARGET = "coordinator:///node";

    private final Loop loop;
    private final HostNames names;
    private final String host;
    private final int port;
    private List<InetAddress> told = List.of();
    private @Nullable Listener2 listener;

    HostResolver(Loop loop, HostNames names, String host, int port) {
        this.loop = loop;
        this.names = names;
        this.host = host;
        this.port = port;
    }

    /** Gives this one to the channel that is made for it. */
    Factory factory() {
        return new Factory() {
            @Override
            public NameResolver newNameResolver(URI target, Args args) {
                return HostResolver.this;
            }

            @Override
            public String getDefaultScheme() {
                return "coordinator";
            }
        };
    }

    @Override
    public String getServiceAuthority() {
        return host + ":" + port;
    }

    @Override
    public void start(Listener2 channel) {
        listener = channel;
        told = List.of();
        if (!names.addresses(host).isEmpty()) {
            tell();
        }
        refresh();
    }

    @Override
    public void refresh() {
        names.lookUp(host, () -> loop.execute(this::tell));
    }

    @Override
    public void shutdown() {
        listener = null;
    }

    private void tell() {
        List<InetAddress> addresses = names.addresses(host);
        Listener2 channel = listener;
        if (channel == null || (addresses.equals(told) && !told.isEmpty())) {
            return;
        }
        told = addresses;
        if (addresses.isEmpty()) {
            channel.onError(Status.UNAVAILABLE.withDescription("the name " + host + " cannot be resolved"));
        } else {
            channel.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(addresses.stream()
                            .map(address -> new EquivalentAddressGroup(new InetSocketAddress(address, port)))
                            .toList()))
                    .build());
        }
    }
}
