//! The words of the console in Chinese and English, from the fluent files in `locales/`.

use std::sync::LazyLock;

use contactid::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

/// Every text of the console in one language.
pub struct Words {
    /// Which language.
    pub lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

static ZH: LazyLock<Words> = LazyLock::new(|| Words::read(Lang::Zh, include_str!("../locales/zh-CN.ftl")));
static EN: LazyLock<Words> = LazyLock::new(|| Words::read(Lang::En, include_str!("../locales/en.ftl")));

/// The texts in `lang`.
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

impl Words {
    fn read(lang: Lang, text: &str) -> Self {
        // What fluent cannot read it leaves out and keeps the rest; the test below holds the files free of errors.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let tag = match lang {
            Lang::Zh => langid!("zh-CN"),
            Lang::En => langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { lang, bundle }
    }

    /// The tag for `lang` attributes: `zh-CN` or `en`.
    pub fn tag(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The text `id`; the id itself where there is none.
    pub fn t(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The text `id` about a number or a name, which stands in it as `$n`.
    pub fn n<'a>(&self, id: &str, n: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.format(id, Some(&args))
    }

    /// The text `id` where `id` may be missing: `None` lets the caller show the bare word.
    pub fn known(&self, id: &str) -> Option<String> {
        self.bundle.has_message(id).then(|| self.t(id))
    }

    fn format(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests;
