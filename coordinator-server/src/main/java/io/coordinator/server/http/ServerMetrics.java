package io.coordinator.server.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one node. All figures are read when somebody asks, from counters that the components keep anyway, so
 * the hot path pays nothing. Names are listed in docs/metrics.md. Where a label is the name of something, only so many
 * are told of at once.
 */
public final class ServerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final List<Runnable> looks = new CopyOnWriteArrayList<>();

    public ServerMetrics() {
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** A figure that goes up and down. */
    public <T> ServerMetrics gauge(String name, String doc, T source, ToDoubleFunction<T> value) {
        Gauge.builder("coordinator." + name, source, value)
                .description(doc)
                .strongReference(true)
                .register(registry);
        return this;
    }

    /** One of several figures with one name, told apart by a label, which go up and down. */
    public <T> ServerMetrics gauge(
            String name, String doc, String label, String value, T source, ToDoubleFunction<T> figure) {
        Gauge.builder("coordinator." + name, source, figure)
                .description(doc)
                .tag(label, value)
                .strongReference(true)
                .register(registry);
        return this;
    }

    /** A figure that only grows. */
    public <T> ServerMetrics counter(String name, String doc, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder("coordinator." + name, source, value)
                .description(doc)
                .register(registry);
        return this;
    }

    /** How long something took, in buckets. */
    public ServerMetrics histogram(String name, String doc, Latencies latencies) {
        String served = served(name);
        registry.getPrometheusRegistry().register(() -> latencies.snapshot(served, doc));
        return this;
    }

    /** How long it took for some names, in buckets. */
    public ServerMetrics histogram(String name, String doc, NamedLatencies latencies) {
        String served = served(name);
        registry.getPrometheusRegistry().register(() -> latencies.snapshot(served, doc));
        return this;
    }

    private static String served(String name) {
        return "coordinator_" + name.replace('.', '_');
    }

    /** Figures of things that come and go; see {@link #beforeScrape}. */
    public <T> LabelledGauges<T> labelled(Function<T, Tags> labels) {
        return new LabelledGauges<>(registry, labels);
    }

    /** Has something looked up before each scrape, on the thread that scrapes. */
    public ServerMetrics beforeScrape(Runnable look) {
        looks.add(look);
        return this;
    }

    /** In Prometheus' text format. */
    public String scrape() {
        looks.forEach(Runnable::run);
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
