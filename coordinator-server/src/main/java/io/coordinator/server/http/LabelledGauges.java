package io.coordinator.server.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Figures about things that come and go, told apart by labels. Those that are there are set before each scrape; others
 * are not told of any more.
 *
 * @param <T> what has the figures
 */
public final class LabelledGauges<T> {
    private final MeterRegistry registry;
    private final Function<T, Tags> labels;
    private final List<Figure<T>> figures = new ArrayList<>();

    private record Figure<T>(MultiGauge gauge, ToDoubleFunction<T> value) {}

    LabelledGauges(MeterRegistry registry, Function<T, Tags> labels) {
        this.registry = registry;
        this.labels = labels;
    }

    /** One more figure of each. */
    public LabelledGauges<T> figure(String name, String doc, ToDoubleFunction<T> value) {
        MultiGauge gauge =
                MultiGauge.builder("coordinator." + name).description(doc).register(registry);
        figures.add(new Figure<>(gauge, value));
        return this;
    }

    /** Those that are there now. */
    public void set(List<T> things) {
        for (Figure<T> figure : figures) {
            figure.gauge()
                    .register(
                            things.stream()
                                    .map(thing -> MultiGauge.Row.of(
                                            labels.apply(thing), figure.value().applyAsDouble(thing)))
                                    .toList(),
                            true);
        }
    }
}
