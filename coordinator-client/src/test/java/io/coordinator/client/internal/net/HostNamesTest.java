package io.coordinator.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@Feature({"C-31", "PM-CONN-4"})
class HostNamesTest {
    private final Map<String, InetAddress[]> service = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    /** Lookups that hang until the test runs them. */
    private final Deque<Runnable> hanging = new ArrayDeque<>();

    private final HostNames names = new HostNames(hanging::add, this::resolve);

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        InetAddress[] found = service.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    @Test
    void addressesAreKnownWithoutALookup() {
        assertThat(names.isKnown("10.0.0.1:9700")).isTrue();
        assertThat(names.isKnown("[::1]:9700")).isTrue();
        assertThat(names.isKnown("node:9700")).isFalse();
    }

    @Test
    void aNameIsLookedUpOnceForAllWhoAsk() throws UnknownHostException {
        service.put("node", addresses("10.0.0.1"));
        for (int i = 0; i < 3; i++) {
            names.lookUp("node", told::incrementAndGet);
        }
        assertThat(hanging).hasSize(1);
        assertThat(names.isKnown("node:9700")).isFalse();

        hanging.remove().run();

        assertThat(told).hasValue(3);
        assertThat(lookups).hasValue(1);
        assertThat(names.addresses("node")).containsExactly(addresses("10.0.0.1"));
    }

    @Test
    void whatWasFoundStaysKnownWhileTheNameServiceHangsOrFails() throws UnknownHostException {
        service.put("node", addresses("10.0.0.1"));
        lookUp("node");
        service.clear();

        names.lookUp("node", told::incrementAndGet);
        assertThat(names.isKnown("node:9700")).isTrue();
        hanging.remove().run();

        assertThat(told).hasValue(1);
        assertThat(names.addresses("node")).containsExactly(addresses("10.0.0.1"));
    }

    @Test
    void aNameThatMovedIsFoundWhereItIsNow() throws UnknownHostException {
        service.put("node", addresses("10.0.0.1"));
        lookUp("node");
        service.put("node", addresses("10.0.0.2"));
        lookUp("node");

        assertThat(names.addresses("node")).containsExactly(addresses("10.0.0.2"));
    }

    @Test
    void aNameWithSeveralAddressesStandsForAll() throws UnknownHostException {
        service.put("one", addresses("10.0.0.1"));
        service.put("many", addresses("10.0.0.2", "10.0.0.3"));
        lookUp("one");
        List<String> endpoints = List.of("one:1", "many:2", "unknown:3", "10.0.0.3:2");
        assertThat(names.expand(endpoints)).isEqualTo(endpoints);

        lookUp("many");

        assertThat(names.expand(endpoints)).containsExactly("one:1", "10.0.0.2:2", "10.0.0.3:2", "unknown:3");
    }

    @Test
    void whoAsksAClosedClientIsToldAtOnce() {
        HostNames closed = new HostNames(
                task -> {
                    throw new RejectedExecutionException();
                },
                this::resolve);
        closed.lookUp("node", told::incrementAndGet);

        assertThat(told).hasValue(1);
    }

    private void lookUp(String host) {
        names.lookUp(host, () -> {});
        hanging.remove().run();
    }

    private static InetAddress[] addresses(String... texts) throws UnknownHostException {
        InetAddress[] all = new InetAddress[texts.length];
        for (int i = 0; i < texts.length; i++) {
            all[i] = InetAddress.getByName(texts[i]);
        }
        return all;
    }
}
