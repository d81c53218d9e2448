package io.coordinator.client.internal.net;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks up host names, since the name of a headless service stands for all its nodes (PM-CONN-4). */
public final class Names {
    private Names() {}

    /** Whether {@link #expand} would have to ask the name service. */
    public static boolean needLookup(List<String> endpoints) {
        return endpoints.stream().anyMatch(endpoint -> !isAddress(host(endpoint)));
    }

    /** The same endpoints with each name that has several addresses replaced by them. Blocks. */
    public static List<String> expand(List<String> endpoints) {
        Set<String> all = new LinkedHashSet<>();
        for (String endpoint : endpoints) {
            all.addAll(addressesOf(endpoint));
        }
        return List.copyOf(all);
    }

    private static List<String> addressesOf(String endpoint) {
        String host = host(endpoint);
        if (isAddress(host)) {
            return List.of(endpoint);
        }
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            if (addresses.length < 2) {
                return List.of(endpoint);
            }
            String port = endpoint.substring(endpoint.lastIndexOf(':'));
            return List.of(addresses).stream()
                    .map(address -> NetUtil.toAddressString(address) + port)
                    .toList();
        } catch (UnknownHostException e) {
            return List.of(endpoint); // The attempt to connect will say so, and the name may exist by then.
        }
    }

    private static String host(String endpoint) {
        return endpoint.substring(0, endpoint.lastIndexOf(':'));
    }

    private static boolean isAddress(String host) {
        return NetUtil.createByteArrayFromIpAddressString(host) != null;
    }
}
