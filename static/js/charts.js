/* Draws <div data-chart="id of a JSON script"> with ECharts. The table with the same numbers stands beside it. */
let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/echarts.js", import.meta.url).href;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

/* ECharts paints on a canvas and knows no CSS variables, least of all light-dark(): the browser resolves them first. */
const probe = document.createElement("span");
probe.hidden = true;
const colour = (name) => {
  document.body.append(probe);
  probe.style.color = `var(--ph-${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

function look() {
  const text = { color: colour("ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };
  const axis = {
    axisLine: { lineStyle: { color: colour("line-strong") } },
    axisTick: { show: false },
    axisLabel: text,
    nameTextStyle: text,
    splitLine: { lineStyle: { color: colour("line") } },
  };
  return {
    color: ["here", "done", "warn", "wait", "late", "off"].map((tone) => colour(`${tone}-fill`)),
    textStyle: text,
    legend: { textStyle: text },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
  };
}

/* A colour in an option may be a token: "token:here-fill". */
function withTokens(value) {
  if (typeof value === "string" && value.startsWith("token:")) return colour(value.slice(6));
  if (Array.isArray(value)) return value.map(withTokens);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withTokens(v)]));
  return value;
}

async function draw(place) {
  const echarts = await load();
  echarts.getInstanceByDom(place)?.dispose();
  const option = withTokens(JSON.parse(document.getElementById(place.dataset.chart).textContent));
  const chart = echarts.init(place, look(), { renderer: "canvas" });
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart.setOption({
    animation: !still,
    aria: { enabled: true },
    ...option,
    tooltip: option.tooltip && { ...option.tooltip, renderMode: "richText" },
  });
}

export function startCharts(root) {
  const resized = new ResizeObserver((entries) => {
    for (const entry of entries) window.echarts?.getInstanceByDom(entry.target)?.resize();
  });
  for (const place of root.querySelectorAll("[data-chart]")) {
    if (place.dataset.live) continue;
    place.dataset.live = "yes";
    draw(place).then(() => resized.observe(place));
    document.addEventListener("themechange", () => draw(place));
  }
}
